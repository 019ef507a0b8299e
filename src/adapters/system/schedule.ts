import { type Job, scheduleJob } from 'node-schedule'

export type Scheduled = { readonly stop: () => Promise<void> }

/**
 * Calls `act` by a calendar rule of UTC. One run never overlaps the next: a slow one makes the next be left out, which for
 * sweeps is as good as done. A failure is told and does not end the schedule.
 */
export function schedule(
  name: string,
  rule: string,
  act: () => void | Promise<void>,
  onError: (name: string, error: unknown) => void,
): Scheduled {
  let running: Promise<void> | undefined
  const fire = (): void => {
    if (running !== undefined) return
    running = Promise.resolve()
      .then(act)
      .catch(error => onError(name, error))
      .finally(() => {
        running = undefined
      })
  }
  // The library answers a rule that it cannot read with null instead of an error.
  const job: Job | null = scheduleJob(name, { rule, tz: 'Etc/UTC' }, fire)
  if (job === null) throw new RangeError(`${rule} is not a schedule (${name})`)
  return {
    stop: async () => {
      job.cancel()
      await running
    },
  }
}
