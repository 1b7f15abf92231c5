/** The decision service: live traffic split between releases, decisions logged, labels taken, decisions traced. */
export { Refused } from './refused.js'
export { type DecisionService, type ServiceOptions, startService } from './service.js'
export { trace } from './trace/trace.js'
export type { Trace, TraceLink } from './trace/types.js'
