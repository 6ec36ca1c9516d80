"""The names of all modules with document classes.

Elements of other namespaces come back typed only if their modules were imported before parsing.
"""

MODULES: tuple[str, ...] = (
    "xcap_documents.basic_location_profiles",
    "xcap_documents.caps",
    "xcap_documents.cipid",
    "xcap_documents.civic_address",
    "xcap_documents.common_policy",
    "xcap_documents.geolocation_policy",
    "xcap_documents.oma_appusage",
    "xcap_documents.oma_common_policy",
    "xcap_documents.oma_pres_content",
    "xcap_documents.oma_pres_rules",
    "xcap_documents.oma_uriusage",
    "xcap_documents.oma_user_profile",
    "xcap_documents.oma_xcap_directory",
    "xcap_documents.patch_ops_error",
    "xcap_documents.pidf",
    "xcap_documents.pidf_data_model",
    "xcap_documents.poc_list_service",
    "xcap_documents.poc_usage",
    "xcap_documents.pres_rules",
    "xcap_documents.resource_lists",
    "xcap_documents.rls_services",
    "xcap_documents.rpid",
    "xcap_documents.simservs",
    "xcap_documents.timed_status",
    "xcap_documents.xcap_caps",
    "xcap_documents.xcap_diff",
    "xcap_documents.xcap_error",
    "xcap_documents.xdm_extensions",
)
