type Words<Text> = Text extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Text;

/** A list of words, each known to the type. */
export function words<Text extends string>(text: Text): readonly Words<Text>[] {
  return text.split(' ') as Words<Text>[];
}

export function pick<T>(list: readonly T[], random: number): T {
  return list[random % list.length] as T;
}

/** Repeats each value as often as its weight says: a list to pick from. */
export function weighted<T>(...choices: readonly (readonly [value: T, weight: number])[]): T[] {
  return choices.flatMap(([value, weight]) => new Array<T>(weight).fill(value));
}
