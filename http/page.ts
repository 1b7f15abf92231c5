/** The headers of every HTML page. */
import { contentPolicy } from '../console/page.js'

const COMMON = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'cache-control': 'no-store' }

/** @param formsLeadTo other origins that a form may lead to */
export const pageHeaders = (formsLeadTo: readonly string[] = []) => ({
  ...COMMON,
  'content-security-policy': contentPolicy(formsLeadTo),
})

export const PAGE_HEADERS = pageHeaders()
