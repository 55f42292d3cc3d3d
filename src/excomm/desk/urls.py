"""The addresses of the desk. Ids stand in the query: an id may hold any printable character."""

from django.urls import path

from excomm.desk.pages import (
    agreement,
    documents,
    enter,
    files,
    handover,
    help,
    item,
    ledger,
    minutes,
    options,
    reports,
    sheets,
    sites,
    today,
    watch,
    what_if,
)

urlpatterns = [
    path("", today.start, name="start"),
    path("<slug:slug>/", today.today, name="today"),
    path("<slug:slug>/sheet.css", today.sheet, name="sheet"),
    path("<slug:slug>/read", today.mark_read, name="read"),
    path("<slug:slug>/agreement", agreement.agreement, name="agreement"),
    path("<slug:slug>/undertaking", agreement.undertaking, name="undertaking"),
    path("<slug:slug>/what-if", what_if.what_if, name="what-if"),
    path("<slug:slug>/items", item.items, name="items"),
    path("<slug:slug>/item", item.item, name="item"),
    path("<slug:slug>/sites", sites.sites, name="sites"),
    path("<slug:slug>/watch", watch.watch, name="watch"),
    path("<slug:slug>/watch.svg", watch.as_svg, name="watch-picture"),
    path("<slug:slug>/watch.ics", watch.as_calendar, name="watch-calendar"),
    path("<slug:slug>/options", options.options, name="options"),
    path("<slug:slug>/minutes", minutes.minutes, name="minutes"),
    path("<slug:slug>/reading", minutes.reading, name="reading"),
    path("<slug:slug>/reports", reports.reports, name="reports"),
    path("<slug:slug>/report", reports.report, name="report"),
    path("<slug:slug>/reply", reports.reply, name="reply"),
    path("<slug:slug>/enter", enter.kinds, name="enter"),
    path("<slug:slug>/enter/<slug:kind>", enter.form, name="form"),
    path("<slug:slug>/sheets", sheets.sheets, name="sheets"),
    path("<slug:slug>/attach", files.attach, name="attach"),
    path("<slug:slug>/file", files.file, name="file"),
    path("<slug:slug>/help", help.show, name="help"),
    path("<slug:slug>/handover", handover.handover, name="handover"),
    path("<slug:slug>/correct", enter.correct, name="correct"),
    path("<slug:slug>/withdraw", enter.withdraw, name="withdraw"),
    path("<slug:slug>/ledger", ledger.ledger, name="ledger"),
    path("<slug:slug>/ledger.csv", ledger.as_csv, name="ledger-csv"),
    path("<slug:slug>/ledger.json", ledger.as_json, name="ledger-json"),
    path("<slug:slug>/brief.<slug:form>", documents.brief, name="brief-file"),
    path("<slug:slug>/entry.<slug:form>", documents.entry, name="entry-file"),
    path("<slug:slug>/verify", ledger.verify, name="verify"),
    path("<slug:slug>/entry", ledger.entry, name="entry"),
    path("<slug:slug>/receipt", ledger.receipt, name="receipt"),
]
handler400 = "excomm.desk.faults.bad_request"
handler404 = "excomm.desk.faults.not_found"
handler500 = "excomm.desk.faults.broken"
