import { type CountryCode, Metadata, type NumberingPlan } from 'libphonenumber-js/min';
import metadata from 'libphonenumber-js/min/metadata';

// The build writes down what comes out, a sixth of the library's data.

/** How the numbers behind one calling code are written; patterns are sources of a RegExp. */
export interface WrittenPlan {
  /** Of all countries that share the code. */
  readonly lengths: readonly number[];
  /** Matches numbers that may be assigned in the main country. */
  readonly assigned: string;
  /** What is dialled before a number inside that country only; '' where nothing is. */
  readonly trunk: string;
}

/** The part of the library's numbering plans that its types leave out. */
interface WholePlan extends NumberingPlan {
  nationalNumberPattern(): string;
  /** 0 is how the library's data says that there is none. */
  nationalPrefixForParsing(): string | 0 | undefined;
}

/** By calling code, without plus. */
export const numberingPlans: { readonly [code: string]: WrittenPlan } = Object.fromEntries(
  Object.entries(metadata.country_calling_codes).flatMap(([code, countries]) => {
    const plans = countries.map(wholePlan);
    const [main] = plans;
    if (main === undefined) return [];
    const lengths = [...new Set(plans.flatMap((plan) => plan.possibleLengths()))];
    const trunk = main.nationalPrefixForParsing() || '';
    return [[code, { lengths, assigned: main.nationalNumberPattern(), trunk }]];
  }),
);

function wholePlan(country: CountryCode): WholePlan {
  const numbers = new Metadata();
  numbers.selectNumberingPlan(country);
  return numbers.numberingPlan as WholePlan;
}
