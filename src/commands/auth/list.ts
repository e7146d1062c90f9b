import { defaultApiUrl } from '../../api/api-url.ts';
import type { Context } from '../../context.ts';
import { profileOf } from '../../session.ts';
import { readSettings } from '../../state/settings.ts';
import { maskToken } from '../../state/token.ts';
import { type ListingOptions, writeListing } from '../listing.ts';

/** Shows the stored profiles, and which one is in use. */
export async function run(options: ListingOptions, context: Context): Promise<void> {
  const settings = readSettings(context.env);
  const current = profileOf(options, context, settings);
  const items = Object.entries(settings.profiles ?? {}).map(([profile, { apiUrl, token }]) => ({
    profile,
    in_use: profile === current,
    host: apiUrl ?? defaultApiUrl,
    token: typeof token === 'string' ? maskToken(token) : null,
  }));
  await writeListing(['profile', 'in_use', 'host', 'token'], items, options, context);
}
