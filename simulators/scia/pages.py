"""The desk's one page: what it is not, and what was filed."""

from __future__ import annotations

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
<table><thead><tr><th>Filing 编号</th><th>Case 案号</th><th>State 状态</th><th>Award 裁决号</th></tr></thead><tbody>{rows}</tbody></table>
</body></html>"""


def page(filed: Iterable[Filed]) -> bytes:
    rows = "".join(
        f"<tr><td>{escape(each.reference)}</td><td>{escape(each.case)}</td>"
        f"<td>{escape(str(each.answer()['status']))} {escape(each.reason or each.held_for * each.is_held)}</td><td>{escape(each.award_number)}</td></tr>"
        for each in filed
    )
    return _PAGE.format(rows=rows).encode()
