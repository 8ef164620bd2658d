import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import portico.studio.blocks.body
import taggit.managers
import uuid
import wagtail.contrib.forms.models
import wagtail.contrib.routable_page.models
import wagtail.fields
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tbl', models.CharField(max_length=120)),
                ('changed', models.TextField(blank=True, default='')),
                ('old', models.TextField(null=True)),
                ('new', models.TextField(null=True)),
            ],
            options={
                'db_table': 'studio_change',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OutsideLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2000, unique=True)),
                ('status', models.PositiveSmallIntegerField(default=0)),
                ('why', models.CharField(blank=True, default='', max_length=300)),
                ('checked_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('failing_since', models.DateTimeField(blank=True, db_index=True, null=True)),
            ],
            options={
                'verbose_name': 'outside link',
                'verbose_name_plural': 'outside links',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(default=0)),
                ('at', models.FloatField(default=0)),
                ('mark', models.CharField(blank=True, default='', max_length=64)),
                ('triggers', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'db_table': 'studio_revision',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='Form',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.SlugField(unique=True)),
                ('page', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='place in lists')),
                ('city', models.CharField(max_length=80)),
                ('purpose', models.CharField(blank=True, max_length=120, verbose_name='what is done there')),
                ('street', models.CharField(max_length=120)),
                ('postal_code', models.CharField(max_length=16)),
                ('region', models.CharField(blank=True, max_length=80)),
                ('country', models.CharField(max_length=80)),
                ('country_code', models.CharField(help_text='Two letters, such as DE.', max_length=2)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('hours', models.CharField(blank=True, max_length=120)),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
            ],
            options={
                'ordering': ['rank', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', upload_to=wagtail.images.models.get_upload_to, verbose_name='file', width_field='width')),
                ('description', models.CharField(blank=True, default='', max_length=255, verbose_name='description')),
                ('width', models.IntegerField(editable=False, verbose_name='width')),
                ('height', models.IntegerField(editable=False, verbose_name='height')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='created at')),
                ('focal_point_x', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_y', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_width', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_height', models.PositiveIntegerField(blank=True, null=True)),
                ('file_size', models.PositiveIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ('made', models.JSONField(default=dict, editable=False)),
                ('made_of', models.CharField(default='', editable=False, max_length=255)),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'picture',
                'permissions': [('choose_image', 'Can choose image')],
                'abstract': False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='place in lists')),
                ('name', models.CharField(max_length=120)),
                ('role', models.CharField(blank=True, max_length=120)),
                ('about', models.TextField(blank=True, max_length=400)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('portrait', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['rank', 'pk'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
        ),
        migrations.CreateModel(
            name='OpeningPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('remote', models.BooleanField(default=False, verbose_name='may be done from home')),
                ('employment', models.CharField(choices=[('FULL_TIME', 'Full time'), ('PART_TIME', 'Part time'), ('FULL_TIME,PART_TIME', 'Full or part time'), ('TEMPORARY', 'Temporary'), ('INTERN', 'Internship')], default='FULL_TIME', max_length=24)),
                ('starts', models.CharField(blank=True, max_length=80)),
                ('posted', models.DateField()),
                ('closes', models.DateField(blank=True, null=True)),
                ('salary_from', models.PositiveIntegerField(blank=True, null=True, verbose_name='salary a year, from')),
                ('salary_to', models.PositiveIntegerField(blank=True, null=True, verbose_name='to')),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('office', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.office')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.AddField(
            model_name='office',
            name='picture',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture'),
        ),
        migrations.CreateModel(
            name='NewsIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='LegalPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('headline', models.CharField(max_length=120)),
                ('actions', portico.studio.blocks.body.Plain(blank=True, help_text='Buttons below the headline.')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ContactPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('form_button', models.CharField(blank=True, max_length=60, verbose_name='words of the button')),
                ('thanks_title', models.CharField(blank=True, max_length=120, verbose_name='title of the thank-you page')),
                ('thanks_text', wagtail.fields.RichTextField(blank=True, verbose_name='thank-you text')),
                ('recipients', models.CharField(blank=True, help_text='Each entry is mailed to these addresses, separated by commas. Nobody else sees them.', max_length=500, validators=[wagtail.contrib.forms.models.validate_to_address])),
                ('keep_days', models.PositiveIntegerField(default=90, help_text='After so many days an entry is erased for good.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='days to keep entries')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=(wagtail.contrib.forms.models.FormMixin, 'wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='CareersPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='AboutPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='SearchPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'verbose_name': 'search page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ServicePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('short', models.CharField(blank=True, max_length=60, verbose_name='in three words')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ServicesPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='SiteSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Portico', max_length=80)),
                ('legal_name', models.CharField(blank=True, max_length=120)),
                ('founded', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('street', models.CharField(blank=True, max_length=120)),
                ('postal_code', models.CharField(blank=True, max_length=16)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('country_code', models.CharField(blank=True, help_text='Two letters, such as DE.', max_length=2)),
                ('social', portico.studio.blocks.body.Plain(blank=True)),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'organisation',
            },
        ),
        migrations.CreateModel(
            name='StandardPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='place in lists')),
                ('name', models.CharField(max_length=60)),
                ('slug', models.SlugField(help_text='Part of addresses: /news/tags/<this>/', max_length=60)),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
            ],
            options={
                'ordering': ['rank', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NewsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, help_text="One or two sentences: the page's lead, and what others show of it.", max_length=320)),
                ('noindex', models.BooleanField(default=False, verbose_name='hide from search engines')),
                ('body', portico.studio.blocks.body.Body(blank=True)),
                ('date', models.DateField(db_index=True)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.person')),
                ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown where the page is shared. Empty: one is drawn from the title.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
                ('topics', modelcluster.fields.ParentalManyToManyField(blank=True, related_name='+', to='studio.topic')),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('undo', 'undo the last publish')], max_length=20)),
                ('snapshot', models.CharField(blank=True, default='', max_length=80)),
                ('by', models.CharField(max_length=150)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('ok', models.BooleanField(null=True)),
                ('said', models.TextField(blank=True, default='')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'wish',
                'verbose_name_plural': 'wishes',
                'permissions': [('undo_publish', 'Can undo the last publish')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ContactField',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('clean_name', models.CharField(blank=True, default='', help_text='Safe name of the form field, the label converted to ascii_snake_case', max_length=255, verbose_name='name')),
                ('label', models.CharField(help_text='The label of the form field', max_length=255, verbose_name='label')),
                ('required', models.BooleanField(default=True, verbose_name='required')),
                ('choices', models.TextField(blank=True, help_text='Comma or new line separated list of choices. Only applicable in checkboxes, radio and dropdown.', verbose_name='choices')),
                ('default_value', models.TextField(blank=True, help_text='Default value. Comma or new line separated values supported for checkboxes.', verbose_name='default value')),
                ('help_text', models.CharField(blank=True, max_length=255, verbose_name='help text')),
                ('field_type', models.CharField(choices=[('singleline', 'Single line text'), ('multiline', 'Multi-line text'), ('email', 'Email'), ('number', 'Number'), ('url', 'URL'), ('checkbox', 'Checkbox'), ('checkboxes', 'Checkboxes'), ('dropdown', 'Drop down'), ('multiselect', 'Multiple select'), ('radio', 'Radio buttons'), ('date', 'Date'), ('hidden', 'Hidden field')], max_length=16, verbose_name='field type')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='form_fields', to='studio.contactpage')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True)),
                ('language', models.CharField(blank=True, max_length=12)),
                ('received_at', models.DateTimeField()),
                ('delivered_at', models.DateTimeField(auto_now_add=True)),
                ('erase_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('fields', models.JSONField(default=dict)),
                ('sender', models.CharField(blank=True, db_index=True, max_length=254)),
                ('spam', models.BooleanField(default=False)),
                ('why', models.CharField(blank=True, max_length=120, verbose_name='why it counts as spam')),
                ('mail_after', models.DateTimeField(blank=True, null=True)),
                ('mail_tries', models.PositiveIntegerField(default=0)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='studio.form')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-received_at'],
                'indexes': [models.Index(fields=['form', 'spam', 'received_at'], name='studio_delivery_listed'), models.Index(condition=models.Q(('erased_at', None)), fields=['erase_at'], name='studio_delivery_due'), models.Index(condition=models.Q(('mailed_at', None)), fields=['mail_after'], name='studio_mail_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Menu',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('claim', models.CharField(blank=True, help_text='One sentence about the organisation, at the foot of each page.', max_length=160)),
                ('main', portico.studio.blocks.body.Plain(blank=True)),
                ('action', portico.studio.blocks.body.Plain(blank=True, help_text='The button at the end of the menu.')),
                ('columns', portico.studio.blocks.body.Plain(blank=True, help_text='At the foot of each page.')),
                ('legal', portico.studio.blocks.body.Plain(blank=True, help_text='The last line of each page.')),
                ('missing_title', models.CharField(blank=True, max_length=120, verbose_name='title of the page for wrong addresses')),
                ('missing_text', models.TextField(blank=True, max_length=400, verbose_name='its text')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
            ],
            options={
                'verbose_name': 'menus and footer',
                'verbose_name_plural': 'menus and footers',
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
        ),
        migrations.AlterUniqueTogether(
            name='office',
            unique_together={('translation_key', 'locale')},
        ),
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='place in lists')),
                ('name', models.CharField(max_length=120)),
                ('has_name', models.BooleanField(default=False, verbose_name='the picture shows the name')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('mark', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'ordering': ['rank', 'pk'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
        ),
        migrations.CreateModel(
            name='PictureRendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filter_spec', models.CharField(db_index=True, max_length=255)),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', storage=wagtail.images.models.get_rendition_storage, upload_to=wagtail.images.models.get_rendition_upload_to, width_field='width')),
                ('width', models.IntegerField(editable=False)),
                ('height', models.IntegerField(editable=False)),
                ('focal_point_key', models.CharField(blank=True, default='', editable=False, max_length=16)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='studio.picture')),
            ],
            options={
                'unique_together': {('image', 'filter_spec', 'focal_point_key')},
            },
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='place in lists')),
                ('text', models.TextField(max_length=500)),
                ('name', models.CharField(max_length=120, verbose_name='who said it')),
                ('role', models.CharField(blank=True, max_length=160)),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('portrait', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.picture')),
            ],
            options={
                'ordering': ['rank', 'pk'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
        ),
        migrations.AddConstraint(
            model_name='topic',
            constraint=models.UniqueConstraint(fields=('slug', 'locale'), name='studio_topic_slug'),
        ),
        migrations.AlterUniqueTogether(
            name='topic',
            unique_together={('translation_key', 'locale')},
        ),
        migrations.AddIndex(
            model_name='wish',
            index=models.Index(fields=['ok', 'id'], name='studio_wish_open'),
        ),
    ]
