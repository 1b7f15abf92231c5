import type { Migration } from 'kysely'
import { chain } from './0001-chain.js'
import { evidence } from './0002-evidence.js'
import { headFunction } from './0003-head-function.js'
import { exposureNotice } from './0004-exposure-notice.js'
import { deliveries } from './0005-deliveries.js'
import { writtenDays } from './0006-written-days.js'
import { runs } from './0007-runs.js'
import { correctedLabels } from './0008-corrected-labels.js'
import { lateDays } from './0009-late-days.js'
import { housekeepingCursors } from './0010-housekeeping-cursors.js'
import { segments } from './0011-segments.js'
import { sources } from './0012-sources.js'
import { refusedNotices } from './0013-refused-notices.js'
import { aliasTimes } from './0014-alias-times.js'
import { lastingEntries } from './0015-lasting-entries.js'
import { breachKeys } from './0016-breach-keys.js'
import { earlyLabelKeys } from './0017-early-label-keys.js'
import { conditionPlaces } from './0018-condition-places.js'

/** Applied in this order, once each. A released migration is never changed; add another one. */
export const migrations: Record<string, Migration> = {
  '0001-chain': chain,
  '0002-evidence': evidence,
  '0003-head-function': headFunction,
  '0004-exposure-notice': exposureNotice,
  '0005-deliveries': deliveries,
  '0006-written-days': writtenDays,
  '0007-runs': runs,
  '0008-corrected-labels': correctedLabels,
  '0009-late-days': lateDays,
  '0010-housekeeping-cursors': housekeepingCursors,
  '0011-segments': segments,
  '0012-sources': sources,
  '0013-refused-notices': refusedNotices,
  '0014-alias-times': aliasTimes,
  '0015-lasting-entries': lastingEntries,
  '0016-breach-keys': breachKeys,
  '0017-early-label-keys': earlyLabelKeys,
  '0018-condition-places': conditionPlaces,
}
