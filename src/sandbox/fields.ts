/** Thrown for a body that the service would refuse with 400. */
export class BadRequest extends Error {}

export type Fields = Readonly<Record<string, unknown>>;

export function parseFields(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadRequest('the body is not valid JSON');
  }
  return asFields(value, 'the body');
}

export function fields(body: Fields, key: string): Fields {
  return asFields(body[key], key);
}

export function strings(body: Fields, key: string): readonly string[] {
  const value = body[key] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new BadRequest(`${key} must be an array of strings`);
}

export function text(body: Fields, key: string): string {
  const value = body[key];
  if (typeof value === 'string') return value;
  throw new BadRequest(`${key} must be a string`);
}

export function boolean(body: Fields, key: string): boolean {
  const value = body[key];
  if (typeof value === 'boolean') return value;
  throw new BadRequest(`${key} must be a boolean`);
}

/** Milliseconds; undefined where the end is open. */
export function time(body: Fields, key: string): number | undefined {
  const value = body[key] ?? '';
  if (value === '') return undefined;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new BadRequest(`${key} must be an ISO 8601 time or empty`);
  return ms;
}

function asFields(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new BadRequest(`${what} must be an object`);
}
