import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: real servers and trainers run inside these tests.
    maxWorkers: 2,
    // Real servers on a shared machine: one more try there, which the report shows; none on a developer's own.
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
  },
})
