import type { EChartsOption } from 'echarts'
import type { Fonts } from './element.ts'
import { equityChart } from './equity-chart.ts'
import { figuresOf } from './figures.ts'
import { headerOf } from './header.ts'
import { BOTTOM, COLOURS } from './look.ts'
import type { ProfitPicture } from './profit-picture.ts'
import { whaleChart, whaleHeight } from './whale-chart.ts'

/** How much height the words above the charts take. */
const HEADER = 238

/** The whole picture for the charting library; `undefined` where there are not yet two instants to draw a line between. */
export function profitOption(picture: ProfitPicture, fonts: Fonts): EChartsOption | undefined {
  const figures = figuresOf(picture.points)
  if (figures === undefined) return undefined
  const whaleTop = BOTTOM - whaleHeight(picture.whales)
  const equity = equityChart(figures, { top: HEADER, bottom: whaleTop }, fonts)
  const hasWhales = picture.whales.length > 0
  const whales = hasWhales ? whaleChart(picture.whales, { top: whaleTop, bottom: BOTTOM }, fonts) : undefined
  const also = <Part>(part: Part | undefined): readonly Part[] => (part === undefined ? [] : [part])
  return {
    animation: false,
    backgroundColor: COLOURS.ground,
    graphic: [...headerOf(picture, figures, fonts), ...equity.elements, ...(whales?.elements ?? [])],
    grid: [...equity.grid, ...also(whales?.grid)],
    xAxis: [...equity.xAxis, ...also(whales?.xAxis)],
    yAxis: [...equity.yAxis, ...also(whales?.yAxis)],
    series: [...equity.series, ...also(whales?.series)],
  }
}
