"""The steps from an old schema to the newest, run by Alembic inside one transaction of ours."""
