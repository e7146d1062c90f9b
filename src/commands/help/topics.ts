/** Help on what is no command. */
export const topics: { readonly [topic: string]: string } = {};
