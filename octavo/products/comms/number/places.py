"""Where some area codes of North America are at home, so that a search by place finds something."""

from math import asin, cos, radians, sin, sqrt

from octavo.products.comms.number.rows import Place, Search

# area code: locality, region, postal code, LATA (the market areas that calls are counted in), latitude, longitude
_PLACES = """
201 Jersey City|NJ|07302|224|40.72|-74.05
202 Washington|DC|20001|236|38.91|-77.02
206 Seattle|WA|98101|674|47.61|-122.33
212 New York|NY|10001|132|40.75|-73.99
213 Los Angeles|CA|90012|730|34.06|-118.24
215 Philadelphia|PA|19103|228|39.95|-75.17
216 Cleveland|OH|44113|320|41.49|-81.70
303 Denver|CO|80202|656|39.75|-104.99
305 Miami|FL|33130|460|25.77|-80.20
312 Chicago|IL|60604|358|41.88|-87.63
313 Detroit|MI|48226|340|42.33|-83.05
317 Indianapolis|IN|46204|336|39.77|-86.16
404 Atlanta|GA|30303|438|33.75|-84.39
408 San Jose|CA|95113|722|37.33|-121.89
410 Baltimore|MD|21202|238|39.29|-76.61
412 Pittsburgh|PA|15222|234|40.44|-79.99
414 Milwaukee|WI|53202|356|43.05|-87.90
415 San Francisco|CA|94103|722|37.77|-122.41
416 Toronto|ON|M5H|888|43.65|-79.38
503 Portland|OR|97205|672|45.52|-122.69
504 New Orleans|LA|70112|490|29.96|-90.08
505 Albuquerque|NM|87102|664|35.08|-106.65
510 Oakland|CA|94612|722|37.81|-122.27
512 Austin|TX|78701|558|30.27|-97.74
514 Montreal|QC|H2Y|888|45.50|-73.55
602 Phoenix|AZ|85003|666|33.45|-112.08
604 Vancouver|BC|V6B|888|49.28|-123.11
612 Minneapolis|MN|55401|628|44.98|-93.27
615 Nashville|TN|37201|470|36.17|-86.78
617 Boston|MA|02108|128|42.36|-71.06
619 San Diego|CA|92101|732|32.72|-117.16
646 New York|NY|10011|132|40.74|-74.00
650 Palo Alto|CA|94301|722|37.44|-122.15
702 Las Vegas|NV|89101|721|36.17|-115.12
704 Charlotte|NC|28202|422|35.23|-80.84
713 Houston|TX|77002|560|29.76|-95.36
718 Brooklyn|NY|11201|132|40.69|-73.99
801 Salt Lake City|UT|84101|660|40.76|-111.90
808 Honolulu|HI|96813|834|21.31|-157.86
816 Kansas City|MO|64105|524|39.11|-94.59
901 Memphis|TN|38103|468|35.15|-90.05
907 Anchorage|AK|99501|832|61.22|-149.88
917 New York|NY|10003|132|40.73|-73.99
919 Raleigh|NC|27601|426|35.77|-78.63
"""
_EARTH_RADIUS = 3958.8  # miles


def _read(line: str) -> tuple[str, Place]:
    area, _, rest = line.partition(" ")
    locality, region, postal_code, lata, latitude, longitude = rest.split("|")
    return area, Place(locality, region, postal_code, lata, float(latitude), float(longitude))


PLACES: dict[str, Place] = dict(_read(line) for line in _PLACES.strip().splitlines())


def place_of(number: str) -> Place | None:
    """Where a number of North America, as E.164, is at home; None where we do not know."""
    return PLACES.get(number[2:5]) if number.startswith("+1") else None


def areas_where(search: Search) -> list[str]:
    """The area codes at home where the search wants them, nearest first if it is for numbers near something."""
    fitting = [(area, place) for area, place in PLACES.items() if _is_where(place, search)]
    if search.near is None:
        return [area for area, _ in fitting]
    near = search.near
    far = sorted((_miles(place, near), area) for area, place in fitting)
    return [area for miles, area in far if miles <= search.distance]


def _is_where(place: Place, search: Search) -> bool:
    return (
        search.region.upper() in ("", place.region)
        and search.locality.casefold() in ("", place.locality.casefold())
        and search.rate_center.casefold() in ("", place.locality.casefold())
        and search.lata in ("", place.lata)
        and place.postal_code.startswith(search.postal_code.upper())
    )


def _miles(place: Place, near: tuple[float, float]) -> float:
    """Along the great circle, by the haversine formula."""
    latitude, longitude = radians(place.latitude or 0), radians(place.longitude or 0)
    there, along = radians(near[0]), radians(near[1])
    half = sin((there - latitude) / 2) ** 2 + cos(latitude) * cos(there) * sin((along - longitude) / 2) ** 2
    return 2 * _EARTH_RADIUS * asin(sqrt(half))
