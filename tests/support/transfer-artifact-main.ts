/**
 * `tsx transfer-artifact-main.ts LOCATION CACHE SMALL LARGE`: stores both files and fetches them. Prints its peak
 * memory after each.
 */
import { createBoundedCache } from '../../registry/artifacts/bounded-cache.js'
import { createS3Store } from '../../registry/artifacts/s3-store.js'

const [location = '', cache = '', ...files] = process.argv.slice(2)
const store = createS3Store(location, createBoundedCache(cache, 2 ** 30))
const peaks: number[] = []
for (const file of files) {
  const digest = await store.putFile(file)
  await store.verify(digest)
  await store.path(digest)
  peaks.push(process.resourceUsage().maxRSS * 1_024)
}
process.stdout.write(JSON.stringify(peaks))
