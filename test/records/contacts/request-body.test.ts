import { expect, test } from 'vitest';
import { requestBody } from '../../../src/records/contacts/request-body.ts';

test('without filters every documented field is sent, in its order, none named as applicable', () => {
  const documented = {
    searchText: '',
    tags: [],
    status: [],
    isOnline: false,
    _botWebsite: [],
    _botWhatsapp: [],
    _botTelegram: [],
    _botFacebook: [],
    _agentAssigned: [],
    segments: [],
    applicableFilters: [],
    lastSeenAt: { startAt: '', endsAt: '' },
    createdAt: { startAt: '', endsAt: '' },
    userInteracted: false,
    lastMessageBy: [],
    isLiveChatActive: false,
    hasOrdered: { status: false, lastAt: '' },
    isExport: 'none',
    isContact: true,
  };
  expect(JSON.stringify(requestBody([]))).toBe(JSON.stringify(documented));
});
