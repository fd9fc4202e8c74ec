"""Pages of declarations: how one begins, the form of a draft, its papers. Lodged ones are shown by clearance."""

from django.urls import URLPattern, path

from declarations.views import duty, history, impact, new, papers, phone, review, rows, scans, section, stock, viewer

urlpatterns: list[URLPattern] = [
    path("declarations/new/", new.new, name="declaration_new"),
    path("declarations/upload/", new.upload, name="declaration_upload"),
    path("declarations/codes/<slug:name>/", papers.codes, name="declaration_codes"),
    path("declarations/<uuid:key>/copy/", new.copy, name="declaration_copy"),
    path("declarations/<uuid:key>/uploaded/", new.uploaded, name="declaration_uploaded"),
    path("declarations/<uuid:key>/edit/", section.edit, name="declaration_edit"),
    path("declarations/<uuid:key>/edit/items/<int:number>/", section.item, name="declaration_item"),
    path("declarations/<uuid:key>/edit/<slug:name>/", section.section, name="declaration_section"),
    path("declarations/<uuid:key>/fields/", section.fields, name="declaration_fields"),
    path("declarations/<uuid:key>/paste/", rows.paste_cells, name="declaration_paste"),
    path("declarations/<uuid:key>/boxes/", section.switch_boxes, name="declaration_boxes"),
    path("declarations/<uuid:key>/beside/", duty.beside, name="declaration_beside"),
    path("declarations/<uuid:key>/scans/", scans.scans, name="declaration_scans"),
    path("declarations/<uuid:key>/scans/phone/", phone.link, name="declaration_phone"),
    path("scan/<str:token>/", phone.by_phone, name="scan_by_phone"),
    path("declarations/<uuid:key>/lodge/", review.lodge, name="declaration_lodge"),
    path("declarations/<uuid:key>/discard/", review.discard, name="declaration_discard"),
    path("declarations/<uuid:key>/papers/<slug:kind>.pdf", papers.paper, name="declaration_paper"),
    path("declarations/<uuid:key>/xml/", papers.xml, name="declaration_xml"),
    path("stock/<int:key>/draw/", stock.draw, name="stock_draw"),
    path("tariff/change-sets/<int:pk>/impact/", impact.impact, name="change_set_impact"),
    path("history/", history.history, name="history"),
    path("history/<int:check>/", history.history, name="history_of_check"),
    path("history/check/", history.check_now, name="history_check"),
    path("files/<uuid:key>/", papers.file, name="file"),
    path("files/<uuid:key>/view/", viewer.viewer, name="file_view"),
    path("files/<uuid:key>/pages/<int:number>/", viewer.page_picture, name="file_page"),
]
