export { release } from './release.js'
export { scheduled } from './scheduled.js'
