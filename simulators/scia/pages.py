"""The desk's one page: what it is not, and how many filings stand where. Whose they are is for nobody who comes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

from simulators.scia.desk import Filed

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Arbitration desk (simulator)</title><style>
body {{ font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
.label {{ border: 1px solid #8a6d1d; background: #fbf3dc; color: #4a3a0c; padding: .75rem 1rem; border-radius: 6px; }}
table {{ border-collapse: collapse; width: 100%; }} th, td {{ text-align: left; padding: .5rem; border-bottom: 1px solid #ddd; }}
</style></head><body><h1>Arbitration desk <small>仲裁受理处</small></h1>
<p class="label"><strong>Simulator.</strong> This is not the Shenzhen Court of International Arbitration. Nothing here has legal effect.<br>
<span lang="zh-Hans"><strong>模拟程序。</strong>本页并非深圳国际仲裁院，其内容不具有任何法律效力。</span></p>
<table><thead><tr><th>State 状态</th><th>Filings 件数</th></tr></thead><tbody>{rows}</tbody></table>
</body></html>"""


def page(filed: Iterable[Filed]) -> bytes:
    states = Counter(str(each.answer()["status"]) for each in filed)
    rows = "".join(
        f"<tr><td>{escape(state)}</td><td>{number}</td></tr>" for state, number in sorted(states.items())
    )
    return _PAGE.format(rows=rows).encode()
