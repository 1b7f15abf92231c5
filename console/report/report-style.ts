import { Markup } from '../html.js'

/** The complete style of the page. It loads no fonts or pictures. */
export const STYLE = new Markup(`
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f5f6f8; color: #1b2330; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 28px 20px 60px; }
header, section { background: #fff; border: 1px solid #e1e5eb; border-radius: 10px; padding: 20px 24px; margin-bottom: 18px; }
h1 { margin: 2px 0 8px; font-size: 28px; display: flex; flex-wrap: wrap; align-items: center; gap: 12px; }
h2 { margin: 0 0 14px; font-size: 19px; }
h3 { margin: 22px 0 8px; font-size: 15px; }
p { margin: 6px 0; overflow-wrap: anywhere; }
.over, .note { color: #5a6472; font-size: 13px; }
.lead { font-size: 16px; }
code { background: #eef1f5; border-radius: 4px; padding: 1px 5px; font-size: 13px; overflow-wrap: anywhere; }
pre { background: #f5f6f8; border: 1px solid #e1e5eb; border-radius: 6px; padding: 10px; overflow-x: auto; font-size: 12px; }
.badge { font-size: 14px; font-weight: 600; padding: 3px 12px; border-radius: 99px; background: #e1e5eb; color: #1b2330; }
.badge.promoted { background: #dcfce7; color: #14532d; }
.badge.held, .badge.aborted { background: #fef3c7; color: #713f12; }
.badge.rolled_back, .badge.reverted, .badge.failed { background: #fee2e2; color: #7f1d1d; }
.good { color: #15803d; font-weight: 600; }
.bad { color: #b91c1c; font-weight: 600; }
.facts { margin: 14px 0 0; display: grid; gap: 4px; }
.facts div { display: flex; gap: 12px; }
.facts dt { color: #5a6472; min-width: 110px; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll svg { display: block; max-width: 100%; height: auto; font-size: 12px; overflow: visible; }
.scroll svg text { white-space: pre; }
.point:focus-visible { outline: 0; stroke: #111827; stroke-width: 4; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px; border-bottom: 1px solid #e8ebf0; }
td.long { overflow-wrap: anywhere; }
th { color: #5a6472; font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.differs td { background: #fef3c7; }
details { margin: 6px 0; }
summary { cursor: pointer; }
figure { margin: 0 0 26px; }
.legend { display: flex; flex-wrap: wrap; gap: 16px; font-size: 13px; }
.legend svg { width: 12px; height: 12px; margin-right: 6px; vertical-align: -1px; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px; }
.images img { width: 100%; border-radius: 6px; border: 1px solid #e1e5eb; }
.images p { font-size: 12.5px; }
footer { color: #5a6472; font-size: 12.5px; }
@media print { body { background: #fff; } header, section { border: 0; padding: 0; break-inside: avoid; } }
`)
