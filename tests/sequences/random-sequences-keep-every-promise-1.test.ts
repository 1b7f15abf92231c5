import { testHalfOfTheSequences } from './half.js'

testHalfOfTheSequences(0)
