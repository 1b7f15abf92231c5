import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import LongestFirst from './tests/support/longest-first.js'

/**
 * Folders of tests that call functions and start nothing. Their files share a process, so that modules are loaded once.
 */
const PURE = ['contracts', 'exposure', 'judge', 'projects'].map((folder) => `tests/${folder}/**/*.test.ts`)
/** Test files of some folders whose text says so; a new file finds its project by what it imports. */
const filesOf = (folders: readonly string[], fits: (text: string) => boolean): string[] =>
  folders.flatMap((folder) =>
    readdirSync(new URL(`tests/${folder}`, import.meta.url), { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `tests/${folder}/${name.replaceAll('\\', '/')}`)
      .filter((file) => fits(readFileSync(new URL(file, import.meta.url), 'utf8'))),
  )
/** What a file imports to start a time-skipping server. */
const ON_TEST_CLOCK = /support\/(time-skipping|failing-looks)\.js'/
/**
 * Tests that need a database and no Temporal server. Their files share a process too, and the setup restores the
 * environment after each.
 */
const DATABASE = filesOf(
  ['activities/watch-exposure', 'console', 'http', 'notify', 'registry', 'serving', 'traffic'].concat(
    ['conditions', 'exposure', 'judgements', 'looks'].map((part) => `releases/${part}`),
  ),
  (text) => !ON_TEST_CLOCK.test(text) && !/from '@temporalio|support\/(dev|project)-server\.js'/.test(text),
)
const sharedProcess = {
  isolate: false,
  globalSetup: ['tests/support/global-setup.ts'],
  setupFiles: ['tests/support/restore-environment.ts'],
}

export default defineConfig({
  test: {
    // For what hangs: one that is only slow, on a machine that does much else, has not failed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // For two cores: apart from the longest ones, a test file waits for two thirds of its time.
    maxWorkers: 3,
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
      { extends: true, test: { name: 'databases', include: DATABASE, ...sharedProcess } },
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
    ],
  },
})
