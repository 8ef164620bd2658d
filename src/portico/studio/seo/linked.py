"""JSON-LD: what search engines read of the company, a page's place, an article and a job. Values only."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from portico.studio.seo import kinds

Node = dict[str, Any]

_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def graph(facts: kinds.Facts) -> list[Node]:
    nodes = [_organization(facts)] if facts.root else [_breadcrumbs(facts)]
    if facts.root:
        nodes.append(_site(facts))
    if isinstance(facts.about, kinds.Article):
        nodes.append(_article(facts, facts.about))
    if isinstance(facts.about, kinds.Job):
        nodes.append(_job(facts, facts.about))
    return nodes


def script(nodes: list[Node]) -> SafeString:
    """As a data block, which no policy for scripts touches; no text can end it."""
    told = json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False)
    safe = told.translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308 - escaped above


def _organization(facts: kinds.Facts) -> Node:
    company = facts.company
    return _filled(
        {
            "@type": "Organization",
            "@id": f"{facts.home}#organization",
            "name": company.name,
            "legalName": company.legal_name,
            "slogan": company.claim,
            "url": facts.home,
            "logo": company.logo,
            "email": company.email,
            "telephone": company.telephone,
            "address": _address(company.place),
            "sameAs": list(company.profiles),
        }
    )


def _site(facts: kinds.Facts) -> Node:
    return {
        "@type": "WebSite",
        "@id": f"{facts.home}#website",
        "name": facts.company.name,
        "url": facts.url,
        "inLanguage": facts.language,
        "publisher": {"@id": f"{facts.home}#organization"},
    }


def _breadcrumbs(facts: kinds.Facts) -> Node:
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(facts.crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _article(facts: kinds.Facts, article: kinds.Article) -> Node:
    author = {"@type": "Person", "name": article.author} if article.author else _publisher(facts)
    return _filled(
        {
            "@type": "NewsArticle",
            "headline": facts.title,
            "description": facts.description,
            "image": [facts.card],
            "datePublished": article.published.isoformat(),
            "dateModified": facts.modified.isoformat() if facts.modified else "",
            "author": author,
            "publisher": _publisher(facts),
            "articleSection": article.section,
            "keywords": list(article.tags),
            "inLanguage": facts.language,
            "mainEntityOfPage": facts.canonical,
        }
    )


def _job(facts: kinds.Facts, job: kinds.Job) -> Node:
    place = {"@type": "Place", "address": _address(job.place)} if job.place else None
    country = job.place.country if job.place else facts.company.place.country if facts.company.place else ""
    applicants = {"@type": "Country", "name": country} if job.remote and country else None
    return _filled(
        {
            "@type": "JobPosting",
            "title": facts.title,
            "description": job.description or facts.description,
            "datePosted": job.posted.isoformat(),
            "validThrough": job.until.isoformat() if job.until else "",
            "employmentType": list(job.kind),
            "hiringOrganization": _publisher(facts) | {"sameAs": facts.home},
            "jobLocation": place,
            "jobLocationType": "TELECOMMUTE" if job.remote else "",
            "applicantLocationRequirements": applicants,
            "baseSalary": _salary(job.salary),
            "url": facts.canonical,
        }
    )


def _salary(salary: kinds.Salary | None) -> Node | None:
    if salary is None:
        return None
    value = {
        "@type": "QuantitativeValue",
        "minValue": salary.least,
        "maxValue": salary.most,
        "unitText": "YEAR",
    }
    return {"@type": "MonetaryAmount", "currency": salary.currency, "value": value}


def _publisher(facts: kinds.Facts) -> Node:
    told = {"@type": "Organization", "@id": f"{facts.home}#organization", "name": facts.company.name}
    return _filled({**told, "url": facts.home, "logo": facts.company.logo})


def _address(place: kinds.Place | None) -> Node | None:
    if place is None:
        return None
    return _filled(
        {
            "@type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": place.postcode,
            "addressLocality": place.town,
            "addressRegion": place.region,
            "addressCountry": place.country,
        }
    )


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in ("", None, [], {})}
