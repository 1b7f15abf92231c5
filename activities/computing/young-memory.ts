/**
 * Memory for new objects of a process or thread that computes. With Node.js' default of 16 MB, rows that are still in
 * use are copied many times: an import of 395,000 rows takes a quarter more processor time (decision 284).
 */
const SEMI_SPACE_MB = 64

/** For a process. */
export const YOUNG_MEMORY_FLAG = `--max-semi-space-size=${SEMI_SPACE_MB}`

/** For a thread. The young generation has three such spaces. */
export const YOUNG_MEMORY_LIMITS = { maxYoungGenerationSizeMb: 3 * SEMI_SPACE_MB }
