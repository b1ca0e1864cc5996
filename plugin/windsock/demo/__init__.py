"""A living Airflow to look at: demo Dags, a month of believable history, and the command that starts them."""
