import { describe, expect, it, test } from 'vitest';
import { maskProxy, proxyFor } from '../../src/api/proxy.ts';

const api = 'https://api.example.com/';

describe('which proxy is used', () => {
  for (const [target, env, expected] of [
    [api, { HTTPS_PROXY: 'http://me:secret@proxy:3128' }, 'http://proxy:3128'],
    [api, { https_proxy: 'http://proxy:3128' }, 'http://proxy:3128'],
    [api, { HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:2' }, 'http://lower:2'],
    [api, { https_proxy: '', HTTPS_PROXY: 'http://upper:1' }, 'http://upper:1'],
    [api, { HTTPS_PROXY: 'https://proxy:3128' }, 'https://proxy:3128'],
    [api, { HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128'],
    [api, { HTTPS_PROXY: 'me:secret@proxy:3128' }, 'http://proxy:3128'],
    [api, { HTTPS_PROXY: ' http://proxy:3128/ ' }, 'http://proxy:3128'],
    [api, { HTTPS_PROXY: 'http://[::1]:3128' }, 'http://[::1]:3128'],
    [api, { HTTPS_PROXY: 'http://me:p%23%25@proxy:3128' }, 'http://proxy:3128'],
    [api, { HTTPS_PROXY: '' }, undefined],
    [api, {}, undefined],
    [api, { HTTP_PROXY: 'http://proxy:3128' }, undefined],
    [api, { ALL_PROXY: 'socks5://proxy:1080' }, 'socks5://proxy:1080'],
    [api, { all_proxy: 'proxy:3128' }, 'http://proxy:3128'],
    [api, { ALL_PROXY: 'http://all:1', HTTPS_PROXY: 'http://own:2' }, 'http://own:2'],
    [api, { HTTPS_PROXY: 'socks://proxy' }, 'socks://proxy'],
    [api, { HTTPS_PROXY: 'socks4://proxy:9' }, 'socks4://proxy:9'],
    [api, { HTTPS_PROXY: 'socks4a://proxy:9' }, 'socks4a://proxy:9'],
    [api, { HTTPS_PROXY: 'SOCKS5H://proxy:9' }, 'socks5h://proxy:9'],
    ['http://127.0.0.1:8080/', { HTTP_PROXY: 'http://127.0.0.1:3128' }, 'http://127.0.0.1:3128'],
    ['http://127.0.0.1:8080/', { HTTP_PROXY: 'http://proxy:3128' }, undefined],
    ['http://127.0.0.1:8080/', { ALL_PROXY: 'socks5://proxy:3128' }, undefined],
    ['http://[::1]:8080/', { http_proxy: 'http://localhost:3128' }, 'http://localhost:3128'],
  ] as const) {
    const given = JSON.stringify(env);
    it(`${target} with ${given} goes through ${expected}`, () => {
      expect(proxyFor(new URL(target), env)?.shown).toBe(expected);
    });
  }

  it('never depends on the environment of the process', () => {
    process.env['HTTPS_PROXY'] = 'http://of-the-process:1';
    try {
      expect(proxyFor(new URL(api), {})).toBeUndefined();
    } finally {
      delete process.env['HTTPS_PROXY'];
    }
  });
});

describe('NO_PROXY', () => {
  const env = (noProxy: string) => ({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: noProxy });
  for (const [list, target, excluded] of [
    ['*', api, true],
    ['api.example.com', api, true],
    ['API.Example.COM', api, true],
    ['example.com', api, true],
    ['.example.com', api, true],
    ['*.example.com', api, true],
    ['ample.com', api, false],
    ['example.org, example.com', api, true],
    ['example.org example.com', api, true],
    ['api.example.com:443', api, true],
    ['api.example.com:8443', api, false],
    ['api.example.com.', api, true],
    ['', api, false],
    [',,', api, false],
    ['127.0.0.1', 'https://127.0.0.1:8443/', true],
    ['127.0.0.0/8', 'https://127.0.0.1:8443/', true],
    ['10.0.0.0/8', 'https://127.0.0.1:8443/', false],
    ['10.0.0.0/8', api, false],
    ['10.0.0.0/99', 'https://10.0.0.1/', false],
    ['::1', 'https://[::1]:8443/', true],
    ['[::1]:8443', 'https://[::1]:8443/', true],
    ['[::1]:443', 'https://[::1]:8443/', false],
    ['fd00::/8', 'https://[fd00::1]/', true],
    ['0.0.1', 'https://127.0.0.1/', false],
  ] as const) {
    it(`"${list}" ${excluded ? 'leaves out' : 'keeps'} ${target}`, () => {
      expect(proxyFor(new URL(target), env(list)) === undefined).toBe(excluded);
    });
  }

  it('is read in small letters too, and before the other', () => {
    const both = { ...env('nobody'), no_proxy: 'example.com' };
    expect(proxyFor(new URL(api), both)).toBeUndefined();
  });

  it('saves from a proxy that could not be read', () => {
    const broken = { HTTPS_PROXY: 'http://proxy:port', NO_PROXY: 'example.com' };
    expect(proxyFor(new URL(api), broken)).toBeUndefined();
  });
});

describe('a proxy that can not be read', () => {
  for (const value of [
    'http://me:s3cret@proxy:port',
    'http://me:s3cret@proxy:99999',
    ' ',
    'http://me:s3cret@',
    'http://',
    'http://me:s3cret@pro xy:3128',
    'http://me:s3cret%@proxy:3128',
    'http://me:s3cret%zz@proxy:3128',
    'http://me:s3cret#@proxy:3128',
    'http://me:12#s3cret@proxy:3128',
    'http://me:12?s3cret@proxy:3128',
    'http://me:12/s3cret@proxy:3128',
    'http://me:12\\s3cret@proxy:3128',
    'http=me:s3cret@proxy:80;https=proxy:80',
    'http=proxy:80;https=proxy:80',
    'http=proxy;https=proxy',
    'ftp://me:s3cret@proxy:21',
    'socks6://me:s3cret@proxy:1080',
    'socks5://',
    'socks5://me:s3cret@proxy:port',
    'http://proxy:3128/s3cret',
  ]) {
    test(`${JSON.stringify(value)}: exit 2, the variable named, the password not shown`, () => {
      for (const variable of ['HTTPS_PROXY', 'all_proxy']) {
        let error: unknown;
        try {
          proxyFor(new URL(api), { [variable]: value });
        } catch (thrown) {
          error = thrown;
        }
        expect(error).toMatchObject({ exit: 2, message: expect.stringContaining(variable) });
        const { message, hint, stack } = error as Error & { hint: string };
        expect(`${message} ${hint} ${stack} ${maskProxy(value)}`).not.toContain('s3cret');
      }
    });
  }
});
