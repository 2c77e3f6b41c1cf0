"""Pictures and spreadsheets of reports, as far as this machine can make them (`workflow/reports/drawing.py`)."""

from collections.abc import Sequence

from maild.adapters.barchart import bar_chart
from maild.adapters.tablefile import Spread, can_spread, workbook
from maild.domain.reporttable import Chart
from maild.workflow.reports.drawing import Page


class Drawer:
    """Keeps the port `Drawing` with matplotlib and openpyxl."""

    def chart(self, chart: Chart) -> bytes | None:
        return bar_chart(chart)

    def workbook(self, pages: Sequence[Page]) -> bytes | None:
        if not can_spread():
            return None
        return workbook([Spread(title=page.title, headers=page.headers, rows=page.rows) for page in pages])
