export default {
  test: {
    globalSetup: 'test/support/temporary-folder.ts',
    maxWorkers: 3,
    // Tests run whole processes, and a machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};
