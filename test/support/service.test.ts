import { describe, expect, it } from 'vitest';
import { serve } from './service.ts';

const contacts = ['a', 'b', 'c', 'd'].map((_id) => ({ _id }));

async function idsOf(url: string, page = 1): Promise<string[]> {
  const body = JSON.stringify({ page });
  const response = await fetch(`${url}/inbox/users`, { method: 'POST', body });
  const { data } = (await response.json()) as { data: { _id: string }[] };
  return data.map(({ _id }) => _id);
}

describe('the stand-in', () => {
  it('cuts what it holds at the moment into pages', async () => {
    const service = await serve({ contacts });
    expect([await idsOf(service.url, 1), await idsOf(service.url, 2)]).toEqual([
      ['a', 'b', 'c'],
      ['d'],
    ]);
    service.insert({ _id: 'x' }, { _id: 'y' });
    expect(await idsOf(service.url)).toEqual(['y', 'x', 'a']);
    service.move('d');
    service.remove('x');
    expect(await idsOf(service.url)).toEqual(['d', 'y', 'a']);
    expect(service.asked).toEqual([1, 2, 1, 1]);
    expect(contacts).toHaveLength(4);
  });

  it('answers late, in pieces, by half or not at all, as the script says', async () => {
    const service = await serve({ contacts });
    service.script.answer = () => ({ delayMs: 20, trickle: 7, body: '{"data":[{"_id":"z"}]}' });
    expect(await idsOf(service.url)).toEqual(['z']);
    for (const destroy of ['at once', 'midway'] as const) {
      service.script.answer = () => ({ destroy, body: '{"data":[]}' });
      await expect(idsOf(service.url)).rejects.toThrow();
    }
    delete service.script.answer;
    expect(await idsOf(service.url)).toEqual(['a', 'b', 'c']);
  });

  it('has leads', async () => {
    const service = await serve({ leads: ['{"_id":"l"}'] });
    const response = await fetch(`${service.url}/inbox/direct/chats?page=1`);
    expect(await response.json()).toMatchObject({ message: 'ok', data: [{ _id: 'l' }] });
  });
});
