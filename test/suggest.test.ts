import { expect, test } from 'vitest';
import { nearest } from '../src/suggest.ts';

const columns = ['name', 'email', 'created_at', 'unread', 'tags'];

test.each([
  ['nmae', ['name']],
  ['createdAt', ['created_at']],
  ['emial', ['email']],
  ['tag', ['tags']],
  ['unraed', ['unread']],
  ['nosuch', []],
  ['x', []],
])('%s may stand for %j', (typed, names) => expect(nearest(typed, columns)).toEqual(names));
