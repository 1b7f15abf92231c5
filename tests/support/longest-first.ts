/** Starts the test files that take longest first, so that no long one is left to run alone at the end. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import durations from './durations.json' with { type: 'json' }

const TESTS = fileURLToPath(new URL('..', import.meta.url))
/** Seconds on two cores, by path below `tests/`; recorded with `npm run test:durations`. */
const known: Readonly<Record<string, number | undefined>> = durations

/** A file without a recorded duration may be a long one: it starts before the others. */
const durationOf = ({ moduleId }: TestSpecification): number =>
  known[relative(TESTS, moduleId).replaceAll('\\', '/')] ?? Number.POSITIVE_INFINITY

/**
 * Files of a project that shares its processes stay together at the end: a file of another project would end the
 * process.
 */
const sharedBy = ({ project }: TestSpecification): string => (project.config.isolate === false ? project.name : '')

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => ascending(sharedBy(a), sharedBy(b)) || descending(durationOf(a), durationOf(b)))
  }
}

const descending = (a: number, b: number): number => (a === b ? 0 : b > a ? 1 : -1)
const ascending = (a: string, b: string): number => (a === b ? 0 : a > b ? 1 : -1)
