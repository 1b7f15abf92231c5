export { type Aliases, type BoundaryResult, promotionBoundary } from './boundary.js'
export { judge } from './judge.js'
