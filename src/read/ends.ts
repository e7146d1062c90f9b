import type { Course, Page } from './course.ts';
import { believeEnd, type Wait } from './end-of-pages.ts';

/** Front and end of the pages, asked for at one time. */
export interface Ends {
  /** Page 1; twice where its length counts, since it may come back short. */
  readonly fronts: readonly [Page, ...Page[]];
  /** Not asked for where pages differ in length, so that it would tell nothing. */
  readonly last: Page;
  /** What follows the last page; asked for at once where that was full. */
  readonly beyond: Page | undefined;
}

/** What the page holds that seemed to be the end; when nothing, the ends of those before it, if looked at. */
export interface Ending {
  readonly page: Page;
  readonly ends: Ends | undefined;
}

type AskPage = (page: number) => Promise<Page>;

/** Where a page came back empty. Throws ExplainedError when the front is empty as well, and stays so. */
export async function endingAt(
  page: number,
  course: Course,
  ask: AskPage,
  wait: Wait,
): Promise<Ending> {
  let ends: Ends | undefined;
  const ending = await believeEnd({
    page: () => ask(page),
    front: async () => {
      if (course.pages === 0) return ask(1);
      ends = await askEnds(course, ask);
      return ends.fronts[0];
    },
    wait,
  });
  // Where page 1 was empty, the front is what it holds after all.
  return { page: course.pages === 0 ? ending.front : ending.page, ends };
}

/** Front and end as they are now. */
export async function askEnds({ pages, countable, endsFull }: Course, ask: AskPage): Promise<Ends> {
  if (!countable) return { fronts: [await ask(1)], last: [], beyond: undefined };
  const look = () => (endsFull ? ask(pages + 1) : undefined);
  if (pages === 1) {
    // Read again after what follows it, a lone page tells whether it has grown.
    const [front, beyond, last] = await Promise.all([ask(1), look(), ask(1)]);
    return { fronts: [front], last, beyond };
  }
  const [front, again, last, beyond] = await Promise.all([ask(1), ask(1), ask(pages), look()]);
  return { fronts: [front, again], last, beyond };
}
