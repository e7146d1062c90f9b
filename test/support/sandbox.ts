import { afterAll } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

// biome-ignore lint/suspicious/noExplicitAny: records are read as freely as a user's script would
export type Contact = any;

const open: Sandbox[] = [];

afterAll(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

/** A sandbox that is closed after the tests of the file. */
export async function sandboxWith(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  open.push(sandbox);
  return sandbox;
}

export function callPage(
  sandbox: Sandbox,
  body: object = {},
  headers: object = {},
): Promise<Response> {
  return fetch(`${sandbox.url}/inbox/users`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${sandbox.token}`,
      authtype: 'Key',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({ applicableFilters: [], isContact: true, page: 1, ...body }),
    redirect: 'manual',
  });
}

export async function pageOf(sandbox: Sandbox, body: object = {}): Promise<Contact[]> {
  const answer = (await (await callPage(sandbox, body)).json()) as { data: Contact[] };
  return answer.data;
}

export async function everyPage(sandbox: Sandbox, body: object = {}): Promise<Contact[]> {
  const contacts: Contact[] = [];
  for (let page = 1; ; page += 1) {
    const data = await pageOf(sandbox, { ...body, page });
    if (data.length === 0) return contacts;
    contacts.push(...data);
  }
}

export function idsOf(contacts: readonly Contact[]): string[] {
  return contacts.map((contact) => contact._id);
}
