import { defineConfig } from 'vitest/config'
import LongestFirst from './tests/support/longest-first.js'

/**
 * Folders of tests that call functions and start nothing. Their files share a process, so that modules are loaded once.
 */
const PURE = ['contracts', 'exposure', 'judge', 'projects'].map((folder) => `tests/${folder}/**/*.test.ts`)
/**
 * Folders of tests that need a database and no Temporal server. Their files share a process too, and the setup restores
 * the environment after each.
 */
const DATABASE = ['activities/watch-exposure', 'console', 'notify', 'registry']
  .concat(['conditions', 'exposure', 'judgements', 'looks'].map((part) => `releases/${part}`))
  .map((folder) => `tests/${folder}/**/*.test.ts`)
export default defineConfig({
  test: {
    // For what hangs: one that is only slow, on a machine that does much else, has not failed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Two cores: real servers and trainers run inside these tests.
    maxWorkers: 2,
    // A test that fails now and then has a cause, which is fixed.
    retry: 0,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['tests/**/*.test.ts'],
          exclude: [...PURE, ...DATABASE],
          globalSetup: ['tests/support/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'databases',
          include: DATABASE,
          isolate: false,
          globalSetup: ['tests/support/global-setup.ts'],
          setupFiles: ['tests/support/restore-environment.ts'],
        },
      },
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
    ],
  },
})
