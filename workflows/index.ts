export { release } from './release.js'
export { scheduled } from './scheduled.js'
export { watchProduction } from './watch-production.js'
