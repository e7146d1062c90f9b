/** What contacts refer to; the ids are fixed, so that examples can name them. */

export const agencyId = '65c0a1000000000000a9e001';
export const customerId = '65c0a1000000000000c05701';

export const segments = [
  segment('65d1000000000000005e6001', 'Newsletter', '2024-02-18T08:15:00.000Z'),
  segment('65d1000000000000005e6002', 'Wholesale', '2024-02-18T08:20:30.250Z'),
  segment('65d1000000000000005e6003', 'VIP Cape Town', '2024-05-02T12:01:07.018Z'),
  segment('65d1000000000000005e6004', 'Leads 2025', '2025-01-06T06:30:00.000Z'),
  segment('65d1000000000000005e6005', 'Leads 2026', '2026-01-05T06:30:00.000Z'),
];

export const agents = [
  ['65e2000000000000000a6e01', 'Nomsa Adams', 'nomsa', '27820009001', 'ADMIN', true] as const,
  ['65e2000000000000000a6e02', 'Dirk Olivier', 'dirk', '27830009002', 'AGENT', true] as const,
  ['65e2000000000000000a6e03', 'Sipho Mabena', 'sipho', '27840009003', 'AGENT', false] as const,
  ['65e2000000000000000a6e04', 'Sipho Mabuza', 'sipho.m', '', 'AGENT', false] as const,
  [
    '65e2000000000000000a6e05',
    'Anjali Roopnarain',
    'anjali',
    '27710009005',
    'AGENT',
    true,
  ] as const,
].map(([_id, name, mailbox, phone, type, liveAvailability]) => {
  const contact = { email: `${mailbox}@example.com`, phone };
  return { _id, name, contact, liveAvailability, status: 'ACTIVE', type };
});

export const bots = {
  website: [bot('0701', 'Shop website'), bot('0702', 'Landing page')],
  whatsapp: [bot('0711', 'WhatsApp main line'), bot('0712', 'WhatsApp after hours')],
  telegram: [bot('0721', 'Telegram')],
  facebook: [bot('0731', 'Facebook page')],
};

function segment(_id: string, segmentName: string, createdAt: string) {
  return { _id, _customer: customerId, segmentName, createdAt };
}

function bot(number: string, name: string) {
  return { _id: `65f3000000000000000b${number}`, name };
}
