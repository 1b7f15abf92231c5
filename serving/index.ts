/** The decision service: live traffic split between releases, decisions logged, labels taken, decisions traced. */
export { newToken, ROLES, type Role, readTokens, requireSafeBinding, type Token } from './access/tokens.js'
export { type AppOptions, createApp } from './http/app.js'
export { type Listening, listen } from './http/listen.js'
export { Refused } from './refused.js'
export { createReleaseLoader } from './releases.js'
export { type DecisionService, type ServiceOptions, startService } from './service.js'
export { trace } from './trace/trace.js'
export type { Trace, TraceLink } from './trace/types.js'
