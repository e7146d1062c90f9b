import { defaultApiUrl } from '../../api/api-url.ts';
import { listingFlags } from '../../cli/listing-flags.ts';
import { verb } from '../../cli/verb.ts';
import type { ItemColumn } from '../../output/item-table.ts';
import { maskToken } from '../../state/token.ts';

interface StoredProfile {
  readonly profile: string;
  readonly inUse: boolean;
  readonly host: string;
  readonly token: string | null;
  readonly botToken: string | null;
}

const columns: readonly ItemColumn<StoredProfile>[] = [
  { name: 'profile', kind: 'text', read: ({ profile }) => profile },
  { name: 'in_use', kind: 'boolean', read: ({ inUse }) => inUse },
  { name: 'host', kind: 'text', read: ({ host }) => host },
  { name: 'token', kind: 'text', read: ({ token }) => token },
  { name: 'bot_token', kind: 'text', read: ({ botToken }) => botToken },
];

export const list = verb({
  name: 'list',
  summary: 'show the profiles, their hosts and masked tokens',
  flags: listingFlags(columns),
  examples: ['reekolect auth list', 'reekolect auth list --format json'],
  async run(options, session) {
    const { listItems } = await import('../../cli/listing.ts');
    const { profiles = {} } = session.settings;
    const items = Object.entries(profiles).map(([profile, { apiUrl, token, botToken }]) => ({
      profile,
      inUse: profile === session.profile,
      host: apiUrl ?? defaultApiUrl,
      token: maskedOrNone(token),
      botToken: maskedOrNone(botToken),
    }));
    await listItems(columns, items, options, session);
    if (items.length > 0) return;
    session.log.status('no profiles yet; add one: reekolect auth login');
  },
});

function maskedOrNone(secret: unknown): string | null {
  return typeof secret === 'string' ? maskToken(secret) : null;
}
