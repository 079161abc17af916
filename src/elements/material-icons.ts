// Material's names of icons, as NiceGUI uses them, with Lucide's. A module of its own, because the build of an application
// leaves out the names that it does not use: see src/vite/material-icons.ts.

/** Names of icons in Lucide, each before other names of it in Material. No name stands alone, where Tailwind would take it for a class. */
export const materialIcons = `
a-large-small,format_size activity,network_check,network_ping alarm-clock,alarm,snooze
align-center,format_align_center align-left,format_align_left align-right,format_align_right
angry,sentiment_very_dissatisfied app-window,open_in_browser,tab,web archive-restore,restore_from_trash,unarchive
arrow-down,arrow_downward,south arrow-down-a-z,sort_by_alpha arrow-down-left,call_received
arrow-down-to-line,move_down,vertical_align_bottom arrow-down-wide-narrow,sort
arrow-left,arrow_back,keyboard_backspace,west arrow-left-right,compare_arrows,multiple_stop,swap_horiz,sync_alt
arrow-right,arrow_forward,trending_flat arrow-up,arrow_upward,north arrow-up-down,import_export,swap_vert
arrow-up-right,arrow_outward,call_made arrow-up-to-line,move_up,vertical_align_top at-sign,alternate_email
audio-lines,graphic_eq award,workspace_premium badge-alert,new_releases badge-check,high_quality,verified
ban,block,do_not_disturb,not_interested bandage,healing banknote,local_atm,payments
battery-charging,battery_charging_full bed,hotel bell,notifications,notifications_none bell-off,notifications_off
bell-plus,add_alert bell-ring,notification_important,notifications_active bike,directions_bike blend,animation
blocks,widgets bold,format_bold book-marked,class book-open,auto_stories,import_contacts,menu_book
book-open-text,chrome_reader_mode bookmark,bookmark_border,bookmarks bookmark-plus,bookmark_add
bot,precision_manufacturing,smart_toy box,view_in_ar braces,data_object brackets,data_array brain,psychology
brain-circuit,model_training briefcase,business_center,work,work_outline briefcase-medical,medical_services
bug,bug_report,pest_control building,business,domain,home_work bus,directions_bus calculator,calculate
calendar,calendar_today,event,insert_invitation,today calendar-check,event_available calendar-cog,edit_calendar
calendar-days,calendar_month,calendar_view_month,event_note calendar-range,date_range calendar-x,event_busy
camera,add_a_photo,camera_alt,photo_camera captions,subtitles car,directions_car card-sim,sd_card
chart-column,assessment,bar_chart,equalizer,insert_chart,insert_chart_outlined,leaderboard,poll
chart-column-increasing,add_chart chart-column-stacked,stacked_bar_chart
chart-line,multiline_chart,query_stats,show_chart,ssid_chart,stacked_line_chart chart-no-axes-combined,analytics
chart-pie,data_usage,donut_small,pie_chart chart-scatter,bubble_chart,scatter_plot
chart-spline,auto_graph,insights,timeline check,done,done_outline check-check,done_all
chevron-down,arrow_drop_down,expand_more,keyboard_arrow_down chevron-first,first_page chevron-last,last_page
chevron-left,arrow_back_ios,arrow_back_ios_new,arrow_left,keyboard_arrow_left
chevron-right,arrow_forward_ios,arrow_right,keyboard_arrow_right
chevron-up,arrow_drop_up,expand_less,keyboard_arrow_up chevrons-down-up,unfold_less
chevrons-left,keyboard_double_arrow_left chevrons-right,double_arrow,keyboard_double_arrow_right
chevrons-up-down,unfold_more cigarette,smoking_rooms circle,donut_large,radio_button_unchecked
circle-alert,error,error_outline,priority_high,running_with_errors
circle-arrow-down,arrow_circle_down,download_for_offline circle-arrow-right,next_plan
circle-arrow-up,arrow_circle_up,upgrade circle-check,add_task,check_circle,check_circle_outline,download_done,task_alt
circle-dot,adjust,radio_button_checked circle-ellipsis,pending
circle-minus,do_not_disturb_on,remove_circle,remove_circle_outline circle-off,unpublished
circle-pause,pause_circle,pause_circle_filled
circle-play,not_started,play_circle,play_circle_filled,play_circle_outline circle-plus,add_circle,add_circle_outline
circle-question-mark,help,help_outline,question_mark,quiz circle-star,stars circle-stop,stop_circle
circle-user,account_circle circle-x,cancel,highlight_off circuit-board,developer_board
clipboard-check,assignment_turned_in,task clipboard-clock,pending_actions clipboard-list,assignment
clipboard-paste,content_paste clipboard-pen,assignment_ind clock,access_time,query_builder,schedule,watch_later
clock-plus,more_time cloud,cloud_queue,wb_cloudy cloud-check,cloud_done cloud-upload,backup code-xml,code_off,logo_dev
coffee,local_cafe coins,token,toll columns-3,view_column,view_week compass,explore contact,contact_page,contacts
contrast,invert_colors copy,content_copy,filter_none copy-plus,library_add corner-down-left,keyboard_return
corner-down-right,subdirectory_arrow_right cpu,memory credit-card,payment database,dataset,storage delete,backspace
diff,difference disc-3,album dollar-sign,attach_money download,file_download,save_alt,system_update,system_update_alt
droplet,water_drop dumbbell,fitness_center ear,hearing egg,egg_alt ellipsis,more,more_horiz
ellipsis-vertical,more_vert ethernet-port,settings_ethernet euro,euro_symbol expand,zoom_out_map
external-link,launch,open_in_new eye,preview,remove_red_eye,visibility eye-off,visibility_off
file,draft,file_present,insert_drive_file file-code,integration_instructions file-music,audio_file
file-pen,edit_document file-plus,note_add,post_add
file-text,article,description,picture_as_pdf,request_quote,summarize,text_snippet file-up,upload_file
file-video-camera,video_file files,file_copy film,movie,theaters fingerprint-pattern,fingerprint
flag,outlined_flag,sports_score,tour flame,local_fire_department,whatshot flask-conical,science
focus,center_focus_strong folder,topic folder-archive,folder_zip folder-code,source folder-heart,folder_special
folder-input,drive_file_move folder-open,file_open folder-plus,create_new_folder folder-x,folder_delete
folders,folder_copy footprints,directions_run,directions_walk frown,mood_bad,sentiment_dissatisfied funnel,filter_alt
funnel-x,filter_alt_off gamepad-2,gamepad,sports_esports gauge,speed gift,redeem git-compare,compare
globe,language,public globe-lock,vpn_lock graduation-cap,school grid-3x3,grid_on grip,dialpad
grip-horizontal,drag_handle grip-vertical,drag_indicator group,workspaces hammer,handyman
hand,clean_hands,front_hand,pan_tool hard-hat,engineering hash,numbers,tag headphones,headset headset,support_agent
heart,favorite,favorite_border heart-pulse,monitor_heart history,restore,settings_backup_restore
hospital,local_hospital hourglass,hourglass_bottom,hourglass_empty,hourglass_full,hourglass_top house,home
id-card,badge image,insert_photo,photo,wallpaper image-off,broken_image,image_not_supported
image-plus,add_photo_alternate images,perm_media,photo_library inbox,move_to_inbox infinity,all_inclusive
info,info_outline italic,format_italic key,key_off key-round,password,vpn_key landmark,account_balance
languages,translate laugh,sentiment_very_satisfied layers-minus,layers_clear
layout-dashboard,dashboard,dashboard_customize,space_dashboard layout-grid,apps,grid_view,view_module
layout-list,view_list layout-template,view_quilt leaf,spa library,library_books life-buoy,support
lightbulb,emoji_objects,lightbulb_outline,tips_and_updates,wb_incandescent link,add_link,insert_link
link-2-off,link_off list,format_list_bulleted,list_alt,toc list-checks,checklist,fact_check,rule
list-filter,filter_list list-music,library_music,queue_music list-ordered,format_list_numbered
list-plus,playlist_add,queue list-video,playlist_play list-x,clear_all,delete_sweep locate,location_searching
locate-fixed,gps_fixed,my_location lock,lock_outline log-in,input,login log-out,exit_to_app,logout,output
mail,contact_mail,email,mail_outline mail-badge,mark_email_unread mail-check,mark_email_read mail-open,drafts
map-pin,location_on,person_pin,pin_drop,place,room map-pin-off,location_off maximize,fullscreen
maximize-2,open_in_full megaphone,campaign meh,sentiment_neutral menu,reorder,view_headline merge,merge_type
message-square,chat_bubble,chat_bubble_outline message-square-dot,mark_chat_unread message-square-plus,add_comment
message-square-text,chat,comment,message,rate_review,sms,textsms message-square-warning,feedback
messages-square,forum,question_answer mic,mic_none,voice_chat minimize,fullscreen_exit
minimize-2,close_fullscreen,compress minus,minimize,remove monitor,computer monitor-smartphone,devices
moon,bedtime,brightness_2,brightness_3,dark_mode,nightlight move,open_with music,audiotrack,music_note
navigation,near_me network,account_tree,device_hub,lan notebook-pen,edit_note,note_alt octagon-alert,report
package,inventory,inventory_2 paint-bucket,format_color_fill paint-roller,format_paint palette,color_lens
panel-left-close,menu_open panel-right,view_sidebar panels-top-left,wysiwyg paperclip,attach_file,attachment
party-popper,celebration paw-print,pets pencil,create,edit,mode_edit pencil-off,edit_off pencil-ruler,design_services
person-standing,self_improvement phone,call piggy-bank,savings pin,push_pin plane,flight plane-takeoff,flight_takeoff
play,play_arrow,start plug,electrical_services plus,add pointer,touch_app power,power_settings_new
presentation,slideshow printer,fax,print puzzle,extension quote,format_quote radar,track_changes radio,sensors
radio-tower,wifi_tethering ratio,aspect_ratio receipt-text,receipt_long recycle,recycling
refresh-cw,autorenew,cached,refresh,reload,sync,update refresh-cw-off,sync_disabled,sync_problem repeat,loop
repeat-1,repeat_one reply,quickreply rewind,fast_rewind rocket,rocket_launch rotate-ccw,replay,restart_alt,rotate_left
rotate-cw,forward_10,rotate_right rows-2,splitscreen,view_agenda rows-3,table_rows rss,feed,rss_feed ruler,square_foot
save,save_as scan,crop_free scan-barcode,barcode_reader scan-qr-code,qr_code_scanner scan-search,image_search
scissors,content_cut search-x,search_off send,schedule_send server,dns settings,settings_suggest
settings-2,settings_applications shapes,category,transform share,ios_share share-2,share shield,security
shield-alert,privacy_tip shield-check,gpp_good,verified_user shield-plus,health_and_safety
shield-user,admin_panel_settings shopping-cart,add_shopping_cart sigma,functions signal,signal_cellular_alt
signpost,directions skip-back,skip_previous skip-forward,skip_next sliders-horizontal,display_settings,tune
sliders-vertical,settings_input_component smartphone,developer_mode,phone_android,phone_iphone
smile,face,insert_emoticon,mood,sentiment_satisfied snowflake,ac_unit sparkles,assistant,auto_awesome
speech,record_voice_over split,alt_route,call_split square,check_box_outline_blank,crop_square,stop
square-check,check_box square-dashed,select_all square-minus,indeterminate_check_box square-mouse-pointer,smart_button
square-pen,drive_file_rename_outline square-play,smart_display,subscriptions,video_library square-plus,add_box
square-terminal,terminal square-user,account_box square-x,disabled_by_default
star,grade,reviews,star_border,star_outline sticky-note,note,sticky_note_2 store,storefront
sun,brightness_5,brightness_7,light_mode,wb_sunny sun-moon,brightness_4,brightness_6,brightness_auto swatch-book,style
table,table_view table-2,table_chart tablet,tablet_mac tag,label,label_important,local_offer,sell
text-align-end,segment text-align-start,notes,subject text-search,manage_search text-wrap,wrap_text
thermometer,sick,thermostat thumbs-down,thumb_down thumbs-up,thumb_up ticket,confirmation_number
timer,slow_motion_video,timelapse toggle-left,toggle_off toggle-right,toggle_on tractor,agriculture
traffic-cone,traffic train-front,train trash,auto_delete trash-2,delete,delete_forever,delete_outline
tree-deciduous,park triangle-alert,report_problem,warning,warning_amber trophy,emoji_events,score truck,local_shipping
tv,live_tv type,text_fields,title underline,format_underlined upload,file_upload,publish
user,perm_identity,person,person_outline user-cog,manage_accounts user-minus,person_remove
user-plus,group_add,person_add user-search,person_search user-x,no_accounts,person_off
users,group,groups,people,people_alt,people_outline,supervisor_account,switch_account utensils,restaurant
video,video_call,video_camera_back,videocam video-off,videocam_off volume,volume_mute volume-1,volume_down
volume-2,volume_up volume-x,volume_off wallet,account_balance_wallet wand-sparkles,auto_fix_high waves,stream
waypoints,hub webhook,api wifi,signal_wifi_4_bar,wifi_find wifi-off,signal_wifi_off wind,air workflow,schema
wrench,build,build_circle x,clear,close zap,bolt,electric_bolt,flash_on,offline_bolt zap-off,flash_off zoom-in,loupe
`;
