import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Ids of the trainer processes that work below a folder, without those that wait for a job. A zombie shows no command,
 * so it is not included.
 */
export async function trainersBelow(folder: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,command='])
  return stdout
    .split('\n')
    .filter((line) => line.includes('trainer-process') && line.includes(folder) && line.includes('job.json'))
    .map((line) => Number.parseInt(line, 10))
}

/** Ids of the processes whose command line contains a text, without zombies. */
export async function processesWith(text: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,stat=,command='])
  return stdout
    .split('\n')
    .filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10))
}

/** Ids of the trainer processes that have loaded compiled code below a folder and wait for a job. */
export async function spareTrainersBelow(folder: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,command='])
  return stdout
    .split('\n')
    .filter((line) => line.includes('trainer-process.mjs - ') && line.includes(folder))
    .map((line) => Number.parseInt(line, 10))
}
