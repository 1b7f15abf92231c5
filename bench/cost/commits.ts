/**
 * Durable rows of one client, one at a time: the time below which nothing can be that is stored before it is answered.
 */
import pg from 'pg'
import { type Samples, sample } from './samples.js'

export async function commits(databaseUrl: string, count: number): Promise<Samples> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('create table bench_commits (at timestamptz not null)')
    const samples = await sample(count, 1, () => client.query('insert into bench_commits values (now())'))
    await client.query('drop table bench_commits')
    return samples
  } finally {
    await client.end()
  }
}
