import { describe, expect, it } from 'vitest';
import { isLoopback, maskCredential, readApiUrl } from '../../src/api/api-url.ts';

describe('an address of the service', () => {
  for (const [text, href] of [
    ['https://api.example.com', 'https://api.example.com/'],
    [' https://api.example.com/v7/ ', 'https://api.example.com/v7/'],
    ['https://api.example.com/v7/inbox/users', 'https://api.example.com/v7/'],
    ['https://api.example.com/?q=1#x', 'https://api.example.com/'],
    ['http://localhost:8080', 'http://localhost:8080/'],
    ['http://[::1]:8080', 'http://[::1]:8080/'],
  ] as const) {
    it(`${text} is ${href}`, () => {
      expect(readApiUrl(text).href).toBe(href);
    });
  }

  for (const [text, code] of [
    ['http://api.example.com', 'insecure-url'],
    ['http://127.0.0.1.example.com', 'insecure-url'],
    ['ftp://localhost', 'insecure-url'],
    ['https://api-v7.express.com', 'misprinted-host'],
    ['https://me:s3cret@api.example.com', 'credentials-in-url'],
    ['https://me:s3cret@api.example.com:port', 'bad-url'],
    ['me:s3cret@api.example.com', 'insecure-url'],
    ['//me:s3cret@api.example.com', 'bad-url'],
    ['https://api.example.com:port/?token=s3cret', 'bad-url'],
    ['https://me:s3c@ret@api example.com', 'bad-url'],
  ] as const) {
    it(`${text} is refused, its password not shown`, () => {
      let error: unknown;
      try {
        readApiUrl(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ exit: 2, code });
      expect(`${(error as Error).message} ${(error as { hint?: string }).hint}`).not.toMatch(/s3c/);
    });
  }

  it('is shown without user, password and query', () => {
    expect(maskCredential('https://me:s3cret@host/x?y#z')).toBe('https://****@host/x?…');
    expect(maskCredential('https://host/x')).toBe('https://host/x');
  });

  it('is of this machine or not', () => {
    expect(['localhost', 'a.localhost', '127.1.2.3', '[::1]'].every(isLoopback)).toBe(true);
    expect(['localhost.com', '127.0.0.1.com', '128.0.0.1', '[::2]'].some(isLoopback)).toBe(false);
  });
});
