/** The HTTP edge: routes of the decision service and of operators, access by token, problems, OpenAPI. */
export { createAttemptLog } from './access/attempt-log.js'
export { openTokens } from './access/live-tokens.js'
export { newToken, ROLES, type Role, readTokens, requireSafeBinding, type Token } from './access/tokens.js'
export { createApp } from './app.js'
export type { AppOptions, StartRelease } from './app-options.js'
export { openIdentity } from './identity/open-identity.js'
export { type Listening, listen } from './listen.js'
