import { rooms } from './rooms.js';

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default {
  test: {
    include: rooms[process.env.ROOM ?? '']?.tests ?? [],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of the stories of the walk, as many as take a second.
    env: { WALK_STORIES: '120' },
  },
};
