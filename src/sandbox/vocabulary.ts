import { weighted } from './draw.ts';

export const platforms = weighted(
  ['WHATSAPP', 11],
  ['WEBSITE', 6],
  ['FACEBOOK', 1],
  ['INSTAGRAM', 1],
  ['TELEGRAM', 1],
);

export const statuses = weighted(
  ['OPEN', 44],
  ['CLOSED', 31],
  ['INPROGRESS', 8],
  ['Follow up', 6],
  ['REVIEW', 4],
  ['ONHOLD', 4],
  ['DEPENDANCY', 3],
);

/** `agent` is a guess at the service's spelling; the others have been seen. */
export const messageAuthors = weighted(['user', 9], ['bot', 7], ['agent', 4]);

export const tagSets: readonly (readonly string[])[] = weighted<readonly string[]>(
  [[], 14],
  [['lead'], 6],
  [['customer'], 4],
  [['customer', 'newsletter'], 3],
  [['newsletter'], 3],
  [['vip', 'customer'], 2],
  [['vip'], 1],
  [['wholesale'], 2],
  [['wholesale', 'Durban, North'], 1],
  [['lead', 'winkelbesoek môre'], 1],
  [['returning', 'café', 'lead'], 1],
  [['quote sent'], 2],
);

type Attribute = Readonly<{ key: string; value: string | number | boolean | null }>;

const attribute = (key: string, value: Attribute['value']): Attribute => ({ key, value });

export const attributeSets = weighted<readonly Attribute[]>(
  [[], 5],
  [[attribute('city', 'Durban')], 3],
  [[attribute('city', 'Cape Town'), attribute('budget', 'R5 000 - R10 000')], 2],
  [[attribute('company', 'Karoo Tiles (Pty) Ltd'), attribute('city', 'Bloemfontein')], 2],
  [[attribute('company', 'Umhlanga "Beach" Stays'), attribute('vat_number', '4000000000')], 1],
  [[attribute('birthday', '1988-07-14')], 2],
  [[attribute('birthday', '14/07/1988'), attribute('language', 'isiZulu')], 1],
  [[attribute('budget', 7500), attribute('newsletter_opt_in', true)], 2],
  [[attribute('product interest', 'Solar geyser, 200 ℓ'), attribute('source', 'Expo 2025')], 1],
  [[attribute('city', 'Gqeberha'), attribute('city', 'Port Elizabeth')], 1],
  [[attribute('referred_by', ''), attribute('household', null)], 1],
);

export const noteSets = weighted<readonly { readonly note: string }[]>(
  [[], 12],
  [[{ note: 'Called back, left a voicemail' }], 2],
  [[{ note: 'Wants delivery after 16:00; gate code with security' }], 1],
  [[{ note: 'Quote #1042 sent\nWaiting for approval' }, { note: 'Prefers Afrikaans' }], 1],
);

export const messages: readonly string[] = [
  'Hi, is this still available?',
  'Sawubona! Do you deliver to Umlazi?',
  'Thanks 🙏 see you tomorrow',
  'What are your prices, and do you take cards?',
  'My order:\n2 x "Classic" roosterkoek\n1 x biltong, 500g',
  'Goeie môre, kan julle my asseblief terugbel?',
  'Ok 👍🏽',
  'She said "call me after 5"; is that fine?',
  'Ke a leboga',
  'Please send the invoice to my work address.\r\nRegards',
  '',
];

export const devices = [
  ['Mobile', 'Chrome Mobile', 'Android 14'],
  ['Mobile', 'Safari', 'iOS 17.5'],
  ['Desktop', 'Chrome', 'Windows 10'],
  ['Desktop', 'Edge', 'Windows 11'],
  ['Desktop', 'Firefox', 'Ubuntu'],
].map(([device, browser, operatingSystem]) => ({ device, browser, operatingSystem }));

export const genders: readonly string[] = ['', '', 'female', 'male'];
