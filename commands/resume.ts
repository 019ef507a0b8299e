import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import { instructed } from '../src/chat/instructing.ts'
import { modeText } from '../src/chat/mode-words.ts'
import { reply } from '../src/chat/reply.ts'
import { holdText } from '../src/chat/status-words.ts'

export default command({
  name: 'resume',
  summary: "Lift a person's stop or pause. Breakers and other holds stay as they are.",
  access: 'owner',
  options: {},
  async run(_values, context) {
    await instructed(context, { kind: 'resume' })
    const { holds, mode, trading, isSimulated } = context.desk.status()
    const mark = badge(isSimulated)
    if (trading === 'active') {
      return reply(`${mark} · trading again, ${modeText(mode)}`, 'good')
        .text('Trades from now on are copied. What was refused or cancelled meanwhile is not taken up again.')
        .press('Stop', 'stop')
    }
    return reply(`${mark} · the stop is lifted, but trading is still ${trading}`, 'warn')
      .rows(...holds.map(hold => ['Hold', holdText(hold)] as const))
      .press('Breakers', 'breakers')
  },
})
