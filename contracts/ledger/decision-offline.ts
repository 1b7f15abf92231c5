/** Reserved: no build has written an entry of this kind. The decision is part of the evaluation. */
import { z } from 'zod'

export const decisionOfflineBody = z
  .record(z.string(), z.unknown())
  .describe('Reserved: no build has written an entry of this kind.')
