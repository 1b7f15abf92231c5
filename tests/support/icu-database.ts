import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { TestDatabase } from './database.js'

/** An empty database on the same server whose text is sorted as English is written: `a` < `B`, unlike bytes. */
export async function icuDatabase({ url: server }: Pick<TestDatabase, 'url'>): Promise<TestDatabase> {
  const name = `icu_${randomUUID().replaceAll('-', '')}`
  const asSuperuser = async (text: string) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    try {
      await client.query(text)
    } finally {
      await client.end()
    }
  }
  await asSuperuser(
    `create database ${name} template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US' locale 'C'`,
  )
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, stop: () => asSuperuser(`drop database ${name} with (force)`) }
}
