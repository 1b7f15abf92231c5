import { testHalfOfTheSequences } from './half-of-the-sequences.js'

testHalfOfTheSequences(0)
