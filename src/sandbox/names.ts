export interface Culture {
  readonly given: readonly string[];
  readonly family: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');

const zulu: Culture = {
  given: words(
    'Thandeka Sibusiso Nomvula Bongani Zanele Mandla Nokuthula Sandile Lindiwe Themba Ayanda Nhlanhla Gugu Mduduzi Samkelo Nosipho',
  ),
  family: words(
    'Nkosi Dlamini Khumalo Ndlovu Mthembu Zulu Cele Mkhize Buthelezi Shabalala Ngcobo Hadebe Mchunu Ntuli',
  ),
};

const xhosa: Culture = {
  given: words(
    'Lwazi Nomfundo Sipho Zukiswa Mzwandile Noluthando Vuyo Nandipha Luvuyo Asanda Mbulelo Bulelwa Akhona Phumza Monde Yonela',
  ),
  family: words(
    'Mabandla Ngxowa Sotshononda Jonas Mfeketo Qwabe Gqirana Nontshinga Tshaka Mavuso Ndamase Bhengu',
  ),
};

const sotho: Culture = {
  given: words(
    'Lerato Kagiso Palesa Tebogo Mpho Refilwe Katlego Dineo Tshepo Naledi Kabelo Boitumelo Lesedi Karabo Masego Tumelo',
  ),
  family: words(
    'Mokoena Molefe Mofokeng Sithole Motaung Phiri Maluleke Mahlangu Tau Nkuna Modise Letsoalo Moloi Sebego',
  ),
};

const afrikaans: Culture = {
  given: words(
    'Anneke Pieter Marietjie Johan René Elmarie Hennie Zoë Kobus Liezl Gerhard Anél Riaan Chrisna Wikus Mariëtte',
  ),
  family: [
    'van der Merwe',
    'Pretorius',
    'Botes',
    'du Plessis',
    'Coetzer',
    'Steenkamp',
    'van Wyk',
    'Swanepoel',
    'Labuschagné',
    'Fouché',
    'Vorster',
    'Naudé',
    'Grobbelaar',
    'Engelbrecht',
  ],
};

const english: Culture = {
  given: words(
    'Megan Craig Bronwyn Gareth Kirsty Warren Tarryn Duncan Lauren Ross Candice Bradley Natalie Sean Chloé Grant',
  ),
  family: words(
    "Hartley Thornton Whitfield Marsh Pennington O'Reilly Barlow Kingsley Fairbairn Langford Ashby Dunmore",
  ),
};

const indian: Culture = {
  given: words(
    'Priya Yusuf Kavitha Rajesh Fatima Vikesh Nerisha Imraan Shanthi Devan Aaliyah Kreesan Sumaya Preshen Anusha Zaheer',
  ),
  family: words(
    'Naidoo Pillay Govender Moodley Reddy Maharaj Chetty Singh Padayachee Essop Vawda Kajee Ramsamy Bhana',
  ),
};

export const cultures: readonly Culture[] = [
  zulu,
  zulu,
  xhosa,
  sotho,
  afrikaans,
  afrikaans,
  english,
  english,
  indian,
  indian,
];

export interface Place {
  readonly city: string;
  readonly province: string;
  readonly country: string;
}

const home = (city: string, province: string): Place => ({
  city,
  province,
  country: 'South Africa',
});

export const places: readonly Place[] = [
  home('Durban', 'KwaZulu-Natal'),
  home('Cape Town', 'Western Cape'),
  home('Johannesburg', 'Gauteng'),
  home('Pretoria', 'Gauteng'),
  home('Gqeberha', 'Eastern Cape'),
  home('Bloemfontein', 'Free State'),
  home('Pietermaritzburg', 'KwaZulu-Natal'),
  home('Stellenbosch', 'Western Cape'),
  home('Polokwane', 'Limpopo'),
  home('East London', 'Eastern Cape'),
  { city: 'Windhoek', province: 'Khomas', country: 'Namibia' },
  { city: 'London', province: 'England', country: 'United Kingdom' },
];

export const mailDomains: readonly string[] = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example.com',
  'kzn.example.org',
  'kaap.example.net',
];
