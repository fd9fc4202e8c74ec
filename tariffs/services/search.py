"""Keeps what tariff search reads in step with the nomenclature and the everyday words."""

from django.db import connection, transaction

from tariffs.models import SearchEntry

# The configuration 'russian' of core PostgreSQL stems Cyrillic words as Russian and Latin words as English.
_REBUILD = """
INSERT INTO tariffs_searchentry (code, words)
WITH line AS (
    SELECT DISTINCT ON (code) code, concat_ws(' ; ', description, description_ru, description_tg) AS text
    FROM tariffs_commodity ORDER BY code, valid_from DESC
), everyday AS (
    SELECT code, string_agg(term, ' ; ' ORDER BY id) AS text FROM tariffs_synonym GROUP BY code
), spoken AS (
    SELECT line.code, line.text, coalesce(everyday.text, '') AS everyday FROM line LEFT JOIN everyday USING (code)
), above AS (
    SELECT line.code, string_agg(upper.text || ' ; ' || upper.everyday, ' ; ') AS text
    FROM line CROSS JOIN generate_series(4, 9) AS length
    JOIN spoken AS upper ON upper.code = left(line.code, length)
    WHERE length < length(line.code)
    GROUP BY line.code
)
SELECT spoken.code,
       setweight(to_tsvector('russian', spoken.text), 'A')
       || setweight(to_tsvector('russian', spoken.everyday), 'B')
       || setweight(to_tsvector('russian', coalesce(above.text, '')), 'C')
FROM spoken LEFT JOIN above USING (code)
"""


@transaction.atomic
def rebuild() -> int:
    """Write the words of every code anew and return how many codes can be found."""
    SearchEntry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD)
        return int(cursor.rowcount)
