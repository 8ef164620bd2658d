"""All models of the studio: each module's are imported here, where Django looks for them."""

from portico.studio.models.forms import Delivery, Form
from portico.studio.models.pictures import Picture, PictureRendition

__all__ = ["Delivery", "Form", "Picture", "PictureRendition"]
