import { given, type Route } from './router.ts'
import { BOT_ROUTES } from './routes-bot.ts'
import { CHANNEL_ROUTES } from './routes-channel.ts'
import { INTERACTION_ROUTES } from './routes-interaction.ts'
import { WEBHOOK_ROUTES } from './routes-webhook.ts'

/** Identifies that a bot has in a day. Source: Discord's reference, "Session start limit object". */
const IDENTIFIES_MAX = 1_000
const FOUR_HOURS_MS = 14_400_000

/** Every route there is. The gateway is somewhere, and has been identified to so many times. */
export function routesWith(url: () => string, identifies: () => number): readonly Route[] {
  return [
    { name: 'GET /gateway', isOpen: true, answer: () => given({ url: url() }) },
    {
      name: 'GET /gateway/bot',
      answer: () =>
        given({
          url: url(),
          shards: 1,
          session_start_limit: {
            total: IDENTIFIES_MAX,
            remaining: Math.max(0, IDENTIFIES_MAX - identifies()),
            reset_after: FOUR_HOURS_MS,
            max_concurrency: 1,
          },
        }),
    },
    ...BOT_ROUTES,
    ...CHANNEL_ROUTES,
    ...INTERACTION_ROUTES,
    ...WEBHOOK_ROUTES,
  ]
}
