"""All models of the studio: each module's are imported here, where Django looks for them."""

from portico.studio.models.careers import CareersPage, OpeningPage
from portico.studio.models.contact import ContactField, ContactPage
from portico.studio.models.forms import Delivery, Form
from portico.studio.models.home import HomePage
from portico.studio.models.news import NewsIndexPage, NewsPage
from portico.studio.models.pictures import Picture, PictureRendition
from portico.studio.models.publishing import Approval, OutsideLink, Wish
from portico.studio.models.revision import Change, Revision
from portico.studio.models.search import SearchPage
from portico.studio.models.services import ServicePage, ServicesPage
from portico.studio.models.site import Menu, SiteSettings
from portico.studio.models.snippets import Logo, Office, Person, Quote, Topic
from portico.studio.models.standard import AboutPage, LegalPage, StandardPage

__all__ = [
    "AboutPage",
    "Approval",
    "CareersPage",
    "Change",
    "ContactField",
    "ContactPage",
    "Delivery",
    "Form",
    "HomePage",
    "LegalPage",
    "Logo",
    "Menu",
    "NewsIndexPage",
    "NewsPage",
    "Office",
    "OpeningPage",
    "OutsideLink",
    "Person",
    "Picture",
    "PictureRendition",
    "Quote",
    "Revision",
    "SearchPage",
    "ServicePage",
    "ServicesPage",
    "SiteSettings",
    "StandardPage",
    "Topic",
    "Wish",
]
