import { weighted } from './lists.ts';

const names = (text: string): readonly string[] => text.split(', ');
/** Each as often as the number behind it says. */
const shares = (text: string) =>
  names(text).flatMap((item) => {
    const space = item.lastIndexOf(' ');
    return new Array<string>(Number(item.slice(space))).fill(item.slice(0, space));
  });

/** Given names / family names. */
const zulu =
  'Thandeka, Sibusiso, Nomvula, Bongani, Zanele, Mandla, Nokuthula, Sandile, Lindiwe, Themba, Ayanda, Nhlanhla, Gugu, Mduduzi, Samkelo, Nosipho / Nkosi, Dlamini, Khumalo, Ndlovu, Mthembu, Zulu, Cele, Mkhize, Buthelezi, Shabalala, Ngcobo, Hadebe, Mchunu, Ntuli';
const xhosa =
  'Lwazi, Nomfundo, Sipho, Zukiswa, Mzwandile, Noluthando, Vuyo, Nandipha, Luvuyo, Asanda, Mbulelo, Bulelwa, Akhona, Phumza, Monde, Yonela / Mabandla, Ngxowa, Sotshononda, Jonas, Mfeketo, Qwabe, Gqirana, Nontshinga, Tshaka, Mavuso, Ndamase, Bhengu';
const sotho =
  'Lerato, Kagiso, Palesa, Tebogo, Mpho, Refilwe, Katlego, Dineo, Tshepo, Naledi, Kabelo, Boitumelo, Lesedi, Karabo, Masego, Tumelo / Mokoena, Molefe, Mofokeng, Sithole, Motaung, Phiri, Maluleke, Mahlangu, Tau, Nkuna, Modise, Letsoalo, Moloi, Sebego';
const afrikaans =
  'Anneke, Pieter, Marietjie, Johan, René, Elmarie, Hennie, Zoë, Kobus, Liezl, Gerhard, Anél, Riaan, Chrisna, Wikus, Mariëtte / van der Merwe, Pretorius, Botes, du Plessis, Coetzer, Steenkamp, van Wyk, Swanepoel, Labuschagné, Fouché, Vorster, Naudé, Grobbelaar, Engelbrecht';
const english =
  "Megan, Craig, Bronwyn, Gareth, Kirsty, Warren, Tarryn, Duncan, Lauren, Ross, Candice, Bradley, Natalie, Sean, Chloé, Grant / Hartley, Thornton, Whitfield, Marsh, Pennington, O'Reilly, Barlow, Kingsley, Fairbairn, Langford, Ashby, Dunmore";
const indian =
  'Priya, Yusuf, Kavitha, Rajesh, Fatima, Vikesh, Nerisha, Imraan, Shanthi, Devan, Aaliyah, Kreesan, Sumaya, Preshen, Anusha, Zaheer / Naidoo, Pillay, Govender, Moodley, Reddy, Maharaj, Chetty, Singh, Padayachee, Essop, Vawda, Kajee, Ramsamy, Bhana';
export const cultures = weighted(
  [zulu, 2],
  [xhosa, 1],
  [sotho, 1],
  [afrikaans, 2],
  [english, 2],
  [indian, 2],
).map((culture) => culture.split(' / ').map(names) as [readonly string[], readonly string[]]);

const home =
  'Durban/KwaZulu-Natal, Cape Town/Western Cape, Johannesburg/Gauteng, Pretoria/Gauteng, Gqeberha/Eastern Cape, Bloemfontein/Free State, Pietermaritzburg/KwaZulu-Natal, Stellenbosch/Western Cape, Polokwane/Limpopo, East London/Eastern Cape';
const abroad = ['Windhoek/Khomas/Namibia', 'London/England/United Kingdom'];
/** City, province, country. */
export const places = [...names(home).map((place) => `${place}/South Africa`), ...abroad].map(
  (place) => place.split('/') as [string, string, string],
);

export const mailDomains = names(
  'example.com, example.org, example.net, mail.example.com, kzn.example.org, kaap.example.net',
);

export const platforms = shares('WHATSAPP 11, WEBSITE 6, FACEBOOK 1, INSTAGRAM 1, TELEGRAM 1');
export const statuses = shares(
  'OPEN 44, CLOSED 31, INPROGRESS 8, Follow up 6, REVIEW 4, ONHOLD 4, DEPENDANCY 3',
);
/** `agent` is a guess at the service's spelling; the others have been seen. */
export const messageAuthors = shares('user 9, bot 7, agent 4');

export const tagSets = weighted<readonly string[]>(
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

const attribute = (key: string, value: unknown) => ({ key, value });

export const attributeSets = weighted<ReturnType<typeof attribute>[]>(
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
